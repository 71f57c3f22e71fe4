using System.Diagnostics;
using System.Globalization;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>One update of a policy of some 40 million parameters: the process's measured peak beside the estimate.</summary>
internal static class Updates
{
    public static int Run(string[] options)
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        var onCuda = options.Contains("cuda");
        var device = ComputeDevice.Open(onCuda ? "cuda" : "cpu");
        var config = onCuda ? Shapes.HalfBillion : Shapes.Forty;
        var precision = options.Contains("bfloat16") ? Precision.BFloat16 : Precision.Float32;
        int? Number(string option) => Array.IndexOf(options, option) is >= 0 and var at ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : null;
        var rank = Number("rank") ?? 0;
        var adapter = rank > 0 ? new AdapterPlan { Rank = rank } : null;
        MemoryPlan memory = new() { RecomputeActivations = options.Contains("recompute") };
        if (Number("tokens") is { } tokens)
            memory = memory with { MicroBatchTokens = tokens };
        var estimate = MemoryEstimate.OfUpdate(config, precision, adapter, memory);
        using var process = Process.GetCurrentProcess();
        zeros(1).Dispose();
        process.Refresh();
        var before = process.WorkingSet64;

        using var policy = PolicyWeights.Random(config, 1, device, precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
        if (adapter is not null)
            policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = rank, Alpha = 2 * rank, TargetModules = LoraConfig.AllTargets }, 1, device));
        using PolicyOptimizer optimizer = new(policy, new());
        using Trainer trainer = new(policy, optimizer, LossKind.Likelihood, new(), 256) { Memory = memory };
        var random = new Random(1);
        var rows = Enumerable.Range(0, onCuda ? 128 : 16).Select(_ =>
        {
            var tokens = Enumerable.Range(0, 257).Select(_ => random.Next(config.VocabSize)).ToArray();
            return new TrainingRow(tokens, 1, [.. Enumerable.Repeat(1f, 256)], null);
        }).ToArray();
        trainer.Train(rows[..8], 1, _ => NoGcRegion.Renew());
        var started = Stopwatch.GetTimestamp();
        trainer.Train(rows, 1, _ => NoGcRegion.Renew());
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{precision}{(adapter is null ? "" : $", rank {rank}")}{(memory.RecomputeActivations ? ", recomputed" : "")}, micro-batches of {memory.MicroBatchTokens} tokens: estimate {estimate}; {(onCuda ? "" : $"measured peak {(process.PeakWorkingSet64 - before) / 1048576.0:0} MB above the start; ")}{rows.Length * 257 / seconds:0} tokens/s"));
        return 0;
    }
}
