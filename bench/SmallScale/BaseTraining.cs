using System.Diagnostics;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Rollouts;

namespace SmallScale;

/// <summary>Makes and checks a base policy.</summary>
internal static class BaseTraining
{
    public static int Run(PretrainPlan plan, string folder)
    {
        using WorkExecutor executor = new(new());
        Console.WriteLine(executor.Fingerprint);
        PretrainItem item = new()
        {
            Id = WorkItemId.Of(WorkOwner.OfRun(RunId.Parse("base"), WorkScope.Base), WorkKind.Pretrain),
            Plan = plan,
            OutputFolder = "",
        };
        var clock = Stopwatch.StartNew();
        var last = 0.0;
        var progress = new Marks(share =>
        {
            if (share >= last + 0.1)
                Console.WriteLine(FormattableString.Invariant($"{last = share:P0} {clock.Elapsed.TotalSeconds:F1} s"));
        });
        var state = (ComputedState)executor.Execute(item, LoadedInputs.None, progress, CancellationToken.None);
        Console.WriteLine(FormattableString.Invariant(
            $"{state.Metrics.TrainedTokens} tokens in {clock.Elapsed.TotalSeconds:F1} s: {state.Metrics.TrainedTokens / clock.Elapsed.TotalSeconds:F0} tokens/s, mean loss {state.Metrics.Loss:F4}"));
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, "config.json"), state.Parts[StatePartNames.Config].ToArray());
        File.WriteAllBytes(Path.Combine(folder, "model.safetensors"), state.Parts[StatePartNames.Policy].ToArray());
        return Check(folder, 5001);
    }

    public static int Check(string folder, int seed)
    {
        using LoadedPolicy policy = LoadedPolicy.Load(Inputs(folder), TorchSharp.torch.CPU);
        TorchSharp.torch.set_num_threads(1);
        var clock = Stopwatch.StartNew();
        var criterion = BaseCriterion.Of(policy, 512, seed);
        Console.WriteLine(FormattableString.Invariant(
            $"operand {criterion.Operand:P2}, easy {criterion.Easy:P2}, hard {criterion.Hard:P2} greedy on 512 problems each of seed {seed}: {(criterion.Met ? "met" : "NOT met")} ({clock.Elapsed.TotalSeconds:F1} s)"));
        return criterion.Met ? 0 : 1;
    }

    public static LoadedInputs Inputs(string folder) => new(
        new Dictionary<string, StoredBytes>
        {
            [StatePartNames.Config] = File.ReadAllBytes(Path.Combine(folder, "config.json")),
            [StatePartNames.Policy] = File.ReadAllBytes(Path.Combine(folder, "model.safetensors")),
        },
        folder);
}
