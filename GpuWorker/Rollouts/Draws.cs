using Curriculum.Draws;

namespace GpuWorker.Rollouts;

/// <summary>The draws of one completion.</summary>
internal static class Draws
{
    /// <summary>By position, a function of the key and (problem, step, sample) alone: never of what else is in the batch.</summary>
    public static Func<int, double> Of(string drawKey, string problemId, int? step, int sample)
    {
        var stream = KeyedRandom.Stream(FormattableString.Invariant($"{drawKey}/{problemId}/{(step is { } at ? $"step {at}" : "whole")}/{sample}"));
        return position => stream.DoubleAt((ulong)position);
    }
}
