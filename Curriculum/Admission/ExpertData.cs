using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>What expert iteration trains on: the successes of all iterations so far.</summary>
public static class ExpertData
{
    /// <summary>The successes before and those of new groups, each token of weight 1; equal completions of one prompt once where the plan says so.</summary>
    public static UpdateBatch Add(UpdateBatch? before, IEnumerable<TrajectoryGroup> groups, Func<Trajectory, bool> isSuccess, ExpertPlan plan)
    {
        var successes = groups
            .OrderBy(group => group.ProblemId, StringComparer.Ordinal).ThenBy(group => group.Step ?? -1)
            .SelectMany(group => group.Trajectories.Where(isSuccess).Select(trajectory => SampledText.Of(group, trajectory)));
        var all = (before?.Sampled ?? []).Concat(successes);
        return new() { Sampled = [.. plan.Deduplicate ? all.DistinctBy(Key, StringComparer.Ordinal) : all] };
    }

    /// <summary>One batch per optimiser step: every pass in an order of its own, a pure function of the key.</summary>
    public static IReadOnlyList<UpdateBatch> Batches(UpdateBatch data, ExpertPlan plan, string key)
    {
        var batches = new List<UpdateBatch>();
        for (var pass = 0; pass < plan.Passes; pass++)
        {
            SampledSequence[] order = [.. data.Sampled];
            KeyedRandom.Stream(FormattableString.Invariant($"{key}/pass/{pass}")).Shuffle<SampledSequence>(order);
            batches.AddRange(order.Chunk(plan.Rows).Select(rows => new UpdateBatch { Sampled = rows }));
        }

        return batches;
    }

    private static string Key(SampledSequence sequence) => $"{string.Join(' ', sequence.PromptTokens)}|{string.Join(' ', sequence.Tokens)}";
}
