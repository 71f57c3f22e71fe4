using SmallScale;

return args switch
{
    ["base", var seed, var updates, var folder] => BaseTraining.Run(int.Parse(seed), int.Parse(updates), folder),
    ["check", var folder, var seed] => BaseTraining.Check(folder, int.Parse(seed)),
    ["arms", var folder, var budget, .. var arms] => Arms.Run(folder, long.Parse(budget), arms),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        SmallScale base <seed> <updates> <folder>    pretrain a base, write config.json and model.safetensors, check it
        SmallScale check <folder> <seed>             measure a base on problems of that seed
        SmallScale arms <folder> <budget> <arm>...   train arms of the base in this process; arm: <stage>[@<rate>][+<stage>...]:<seed>, e.g. srl:1, srl+rlvr@0.001:1, sft:1;
                                                     environment: DEMONSTRATIONS (12), FIRST_STAGE (600000 units)
        """);
    return 2;
}
