using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>A policy's own completion as something to imitate: each token of weight 1.</summary>
internal static class SampledText
{
    public static SampledSequence Of(TrajectoryGroup group, Trajectory trajectory)
    {
        var weights = new float[trajectory.Tokens.Count];
        Array.Fill(weights, 1);
        return new()
        {
            PromptTokens = group.PromptTokens,
            Tokens = trajectory.Tokens,
            Advantages = weights,
            OldLogProbs = trajectory.LogProbs,
            ForcedTokens = trajectory.ForcedTokens,
        };
    }
}
