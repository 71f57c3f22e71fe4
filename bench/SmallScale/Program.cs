using System.Globalization;
using Curriculum.Plans;
using SmallScale;

return args switch
{
    ["base", var seed, var updates, var folder, .. var text] when text.Length <= 2 => BaseTraining.Run(
        new()
        {
            Seed = int.Parse(seed),
            Updates = int.Parse(updates),
            Drift = text is [var drift, ..] ? double.Parse(drift, CultureInfo.InvariantCulture) : PretrainPlan.StandardDrift,
            Rewritten = text is [_, var rewritten] ? double.Parse(rewritten, CultureInfo.InvariantCulture) : 0,
        },
        folder),
    ["check", var folder, var seed] => BaseTraining.Check(folder, int.Parse(seed)),
    ["levels", var folder, var seed] => Levels.Run(folder, int.Parse(seed)),
    ["rollouts", var folder] => RolloutItems.Run(folder),
    ["arms", var folder, var budget, .. var arms] => Arms.Run(folder, long.Parse(budget), arms),
    ["guards", var folder, var what, var budget, var first, var count, var log] => GuardRuns.Run(folder, what, long.Parse(budget), int.Parse(first), int.Parse(count), log),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        SmallScale base <seed> <updates> <folder> [drift [rewritten]]
                                                     pretrain a base (drift 0.75, rewritten 0), write config.json and model.safetensors, check it
        SmallScale check <folder> <seed>             measure a base on problems of that seed
        SmallScale levels <folder> <seed>            accuracy and useful groups at 3 to 9 operations
        SmallScale rollouts <folder>                 time rollout and evaluation items, sampled with tensors and with rows in vector lanes
        SmallScale guards <folder> hard|curriculum|mixed <budget> <first seed> <seeds> <log.csv>
                                                     train under the guards' defaults; when each fired, and when accuracy fell
        SmallScale arms <folder> <budget> <arm>...   train arms of the base in this process; arm: <stage>[@<rate>][+<stage>...]:<seed>, e.g. srl:1, srl+rlvr@0.001:1, sft:1;
                                                     environment: DEMONSTRATIONS (12), FIRST_STAGE (600000 units), LEVELS (8; lengths in the pool, e.g. 4,5,6,7,8)
        """);
    return 2;
}
