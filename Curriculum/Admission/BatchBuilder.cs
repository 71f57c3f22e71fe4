using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Turns admitted groups, or demonstrations, into what an update trains on.</summary>
public static class BatchBuilder
{
    /// <summary>One sequence per trajectory, with the group advantage on each of its completion tokens.</summary>
    /// <remarks>Ordered by problem and step, and as given within one prompt: the same batch, and hash, in whatever order items came in.</remarks>
    /// <exception cref="ArgumentException">A trajectory has not one log-probability per token.</exception>
    public static UpdateBatch OfGroups(IEnumerable<TrajectoryGroup> admitted, AdvantagePlan plan, LoneSuccessPlan? loneSuccess = null)
    {
        var sequences = new List<SampledSequence>();
        foreach (var group in admitted.OrderBy(g => g.ProblemId, StringComparer.Ordinal).ThenBy(g => g.Step ?? -1))
        {
            double[] rewards = [.. group.Trajectories.Select(t => t.Reward)];
            var advantages = LoneSuccess.Cap(rewards, GroupAdvantages.Of(rewards, plan), loneSuccess);
            for (var index = 0; index < advantages.Length; index++)
                sequences.Add(Sequence(group, group.Trajectories[index], (float)advantages[index]));
        }

        return new() { Sampled = sequences };
    }

    /// <summary>Each demonstration as question and whole expert solution, in the order given.</summary>
    /// <exception cref="ArgumentException">A problem has no demonstration.</exception>
    public static UpdateBatch OfDemonstrations(IEnumerable<Problem> problems)
    {
        var sequences = new List<WrittenSequence>();
        foreach (var problem in problems)
        {
            if (problem.Steps.Count == 0)
                throw new ArgumentException($"Expected a problem with an expert solution, found none in '{problem.Id}'.", nameof(problems));
            sequences.Add(new(ProblemFamilies.Get(problem.Family).Prompt(problem), string.Concat(problem.Steps)));
        }

        return new() { Written = sequences };
    }

    private static SampledSequence Sequence(TrajectoryGroup group, Trajectory trajectory, float advantage)
    {
        if (trajectory.Tokens.Count != trajectory.LogProbs.Count)
        {
            throw new ArgumentException(
                $"Expected one log-probability for each of {trajectory.Tokens.Count} tokens, found {trajectory.LogProbs.Count} in a trajectory of '{group.ProblemId}'.");
        }

        var advantages = new float[trajectory.Tokens.Count];
        Array.Fill(advantages, advantage);
        return new()
        {
            PromptTokens = group.PromptTokens,
            Tokens = trajectory.Tokens,
            Advantages = advantages,
            OldLogProbs = trajectory.LogProbs,
        };
    }
}
