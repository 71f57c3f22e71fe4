using Curriculum.Work;
using GpuWorker.Policies;
using GpuWorker.Training;

namespace GpuWorker.Rollouts;

/// <summary>Adds the reference policy's log-probabilities and the value head's values to trajectories.</summary>
internal static class RolloutScores
{
    /// <summary>The groups with their scores, the reference's at the sampling temperature, and the tokens read for them.</summary>
    public static (IReadOnlyList<TrajectoryGroup> Groups, long Tokens) Of(
        IReadOnlyList<TrajectoryGroup> groups, LoadedPolicy policy, LoadedPolicy? reference, ValueHead? values, double temperature)
    {
        if (reference is null && values is null)
            return (groups, 0);
        TrainingRow[] rows =
        [
            .. groups.SelectMany(group => group.Trajectories.Select(trajectory => new TrainingRow(
                [.. group.PromptTokens, .. trajectory.Tokens], group.PromptTokens.Count, new float[trajectory.Tokens.Count], null))),
        ];
        var (referred, readOnce) = reference is null ? ([], 0) : TokenScores.Of(reference.Weights, null, rows, temperature);
        var (valued, readTwice) = values is null ? ([], 0) : TokenScores.Of(policy.Weights, values, rows, temperature);
        var next = 0;
        TrajectoryGroup[] scored =
        [
            .. groups.Select(group => group with
            {
                Trajectories =
                [
                    .. group.Trajectories.Select(trajectory =>
                    {
                        var at = next++;
                        return trajectory with
                        {
                            ReferenceLogProbs = reference is null ? null : referred[at].LogProbs,
                            Values = values is null ? null : valued[at].Values,
                        };
                    }),
                ],
            }),
        ];
        return (scored, readOnce + readTwice);
    }
}
