using System.Diagnostics;
using System.Globalization;
using Curriculum.Draws;
using Curriculum.Plans;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace ModelScale;

/// <summary>Rollouts of the policy of some 40 million parameters: the process's measured peak beside the estimate.</summary>
internal static class Rollouts
{
    public static int Run(string[] options)
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        var coarse = options.Contains("bfloat16");
        int Number(string option, int otherwise) => Array.IndexOf(options, option) is >= 0 and var at ? int.Parse(options[at + 1], CultureInfo.InvariantCulture) : otherwise;
        var (prompts, group, length, tokens) = (Number("prompts", 16), Number("group", 16), Number("length", 128), Number("tokens", 16));
        var precision = coarse ? Precision.BFloat16 : Precision.Float32;
        using var process = Process.GetCurrentProcess();
        zeros(1).Dispose();
        process.Refresh();
        var before = process.WorkingSet64;

        using var policy = PolicyWeights.Random(Shapes.Forty, 1, CPU, coarse ? ScalarType.BFloat16 : ScalarType.Float32);
        var asked = Enumerable.Range(0, prompts).Select(p => new GenerationPrompt(
            [.. Enumerable.Range(0, length).Select(i => (p * 131 + i * 17) % Shapes.Forty.VocabSize)], -1, [.. Enumerable.Range(0, group).Select(s => Draws(p * group + s))])).ToArray();
        var estimate = SamplingMemory.Estimate(Shapes.Forty, precision, SamplingMemory.ShapeOf(asked, tokens));
        new CompletionGenerator(policy).Generate(asked, tokens, 0.7, _ => NoGcRegion.Renew());
        process.Refresh();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{precision}, {prompts} prompts of {length} tokens, {prompts * group} completions of {tokens}: estimate {estimate}; measured peak {(process.PeakWorkingSet64 - before) / 1048576.0:0} MB above the start"));
        return 0;
    }

    internal static Func<int, double> Draws(int row)
    {
        var stream = KeyedRandom.Stream(FormattableString.Invariant($"bench/{row}"));
        return position => stream.DoubleAt((ulong)position);
    }
}
