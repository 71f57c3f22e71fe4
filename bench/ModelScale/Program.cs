using System.Globalization;
using ModelScale;

return args switch
{
    ["generate", .. var rest] => Generation.Run(
        rest is [var precision, ..] ? precision : "float32",
        rest is [_, var threads, ..] ? int.Parse(threads, CultureInfo.InvariantCulture) : 1,
        rest is [_, _, var device, ..] ? device : "cpu"),
    ["model", var folder, var megabytes, var shards] => GeneratedModel.Write(
        folder, int.Parse(megabytes, CultureInfo.InvariantCulture), int.Parse(shards, CultureInfo.InvariantCulture)),
    ["import", var model, var run] => await WorkerImport.RunAsync(model, run),
    ["update", .. var rest] => Updates.Run(rest),
    ["rollout", .. var rest] => Rollouts.Run(rest),
    ["llama", .. var rest] => LlamaPeer.Run(rest is [var threads] ? int.Parse(threads, CultureInfo.InvariantCulture) : 1),
    ["all", var page] => All.Run(page),
    ["telemetry"] => TelemetryCost.Run(),
    ["lanes"] => LaneRollouts.Run(),
    ["lane-updates"] => LaneUpdates.Run(),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("""
        ModelScale all <page>                                lanes, lane-updates and llama one after another, written into the page between its marks
        ModelScale telemetry                                 processor time of an item's spans, measurements and log line, sent and not
        ModelScale generate [float32|bfloat16] [threads] [cpu|cuda]
                                                             prefill, decode and rollouts at Qwen2.5-0.5B's shape, beside the device's matmul and memory limits
        ModelScale model <folder> <megabytes> <shards>       writes a model folder of about that size, random bfloat16 weights, to import
        ModelScale import <model> <run>                      a worker's import of that model from DataStorage: time and peak memory
        ModelScale update [recompute] [bfloat16] [rank <n>] [tokens <n>] [cuda]
                                                             one update of a 40-million-parameter policy, on cuda of Qwen2.5-0.5B's shape: tokens/s, and on the CPU the measured peak beside the estimate
        ModelScale rollout [bfloat16] [prompts <n>] [group <n>] [length <n>] [tokens <n>]
                                                             rollouts of the same policy on the CPU: the measured peak beside the estimate
        ModelScale llama [threads]                           prefill and decode in float32 at Qwen2.5-0.5B's shape, beside llama.cpp in the same run
        ModelScale lanes                                     rollouts on one thread of the CPU, with tensors and of small policies with rows in vector lanes: tokens/s, and the share of the matmul limit
        ModelScale lane-updates                              the same of gradients
        """);
    return 2;
}
