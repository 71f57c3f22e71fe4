using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Turns admitted groups, or demonstrations, into what an update trains on.</summary>
public static class BatchBuilder
{
    /// <summary>One sequence per trajectory, with an advantage for each of its completion tokens.</summary>
    /// <remarks>
    /// Ordered by problem and step, and as given within one prompt: the same batch, and hash, in whatever order items came in. Advantages are
    /// taken of reward + penalty.
    /// </remarks>
    /// <exception cref="ArgumentException">A trajectory has not one log-probability, or value where values are asked for, per token.</exception>
    public static UpdateBatch OfGroups(IEnumerable<TrajectoryGroup> admitted, AdvantagePlan plan, LoneSuccessPlan? loneSuccess = null)
    {
        var ordered = admitted.OrderBy(g => g.ProblemId, StringComparer.Ordinal).ThenBy(g => g.Step ?? -1);
        return new() { Sampled = [.. plan.Estimator == AdvantageEstimator.Gae ? OverValues(ordered, plan) : OverGroups(ordered, plan, loneSuccess)] };
    }

    /// <summary>Each demonstration as question and whole expert solution, or as its step instances, in the order given.</summary>
    /// <param name="problems">With their demonstrations.</param>
    /// <param name="target">What is asked for.</param>
    /// <param name="chat">Whether they are read in a chat template.</param>
    /// <exception cref="ArgumentException">A problem has no demonstration.</exception>
    public static UpdateBatch OfDemonstrations(IEnumerable<Problem> problems, CompletionTarget target = CompletionTarget.Solution, bool chat = false)
    {
        var sequences = new List<WrittenSequence>();
        foreach (var problem in problems)
        {
            if (problem.Steps.Count == 0)
                throw new ArgumentException($"Expected a problem with an expert solution, found none in '{problem.Id}'.", nameof(problems));
            if (target == CompletionTarget.Step)
                sequences.AddRange(StepInstances.Of(problem).Select(instance => WrittenText.OfStep(problem, instance.Step!.Value, chat)));
            else
                sequences.Add(new(ProblemFamilies.Get(problem.Family).Prompt(problem), string.Concat(problem.Steps)));
        }

        return new() { Written = sequences };
    }

    private static IEnumerable<SampledSequence> OverGroups(
        IEnumerable<TrajectoryGroup> groups, AdvantagePlan plan, LoneSuccessPlan? loneSuccess)
    {
        foreach (var group in groups)
        {
            var advantages = LoneSuccess.Cap(
                [.. group.Trajectories.Select(t => t.Reward)], GroupAdvantages.Of([.. group.Trajectories.Select(Total)], plan), loneSuccess);
            for (var index = 0; index < advantages.Length; index++)
            {
                var perToken = new float[group.Trajectories[index].Tokens.Count];
                Array.Fill(perToken, (float)advantages[index]);
                yield return Sequence(group, group.Trajectories[index], perToken);
            }
        }
    }

    private static IEnumerable<SampledSequence> OverValues(IEnumerable<TrajectoryGroup> groups, AdvantagePlan plan)
    {
        var estimated = new List<(TrajectoryGroup Group, Trajectory Trajectory, double[] Advantages)>();
        foreach (var group in groups)
        {
            foreach (var trajectory in group.Trajectories)
            {
                if (trajectory.Values?.Count != trajectory.Tokens.Count)
                    throw new ArgumentException($"Expected one value for each of {trajectory.Tokens.Count} tokens, found {trajectory.Values?.Count ?? 0} in a trajectory of '{group.ProblemId}'.");
                estimated.Add((group, trajectory, GeneralizedAdvantages.Of(Total(trajectory), trajectory.Values, plan)));
            }
        }

        var trained = estimated.SelectMany(one => one.Advantages.Where((_, t) => one.Trajectory.ForcedTokens?.Contains(t) is not true)).ToList();
        var (mean, scale) = plan.Whiten ? GeneralizedAdvantages.Whitening(trained) : (0, 1);
        return estimated.Select(one => Sequence(one.Group, one.Trajectory, [.. one.Advantages.Select(a => (float)((a - mean) * scale))]) with
        {
            Returns = [.. one.Advantages.Select((a, t) => (float)(a + one.Trajectory.Values![t]))],
        });
    }

    private static double Total(Trajectory trajectory) => trajectory.Reward + trajectory.Penalty;

    private static SampledSequence Sequence(TrajectoryGroup group, Trajectory trajectory, float[] advantages)
    {
        if (trajectory.Tokens.Count != trajectory.LogProbs.Count)
        {
            throw new ArgumentException(
                $"Expected one log-probability for each of {trajectory.Tokens.Count} tokens, found {trajectory.LogProbs.Count} in a trajectory of '{group.ProblemId}'.");
        }

        return new()
        {
            PromptTokens = group.PromptTokens,
            Tokens = trajectory.Tokens,
            Advantages = advantages,
            OldLogProbs = trajectory.LogProbs,
            ReferenceLogProbs = trajectory.ReferenceLogProbs,
            ForcedTokens = trajectory.ForcedTokens,
        };
    }
}
