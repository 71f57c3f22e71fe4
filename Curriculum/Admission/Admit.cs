using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Decides which trajectory groups reach the update (dynamic sampling; arXiv 2510.25992, section 3).</summary>
/// <remarks>
/// A group is admitted whole when the population std of its rewards is above the plan's minimum, a tolerance and never "not zero", or as
/// <see cref="GroupUse"/> says for other ways of learning. Groups of every round of the iteration are judged together; none that was
/// admitted is thrown away when a batch is refilled.
/// </remarks>
public static class Admit
{
    /// <summary>Judges all groups sampled so far in an iteration.</summary>
    /// <param name="groups">Of every round, in the order of rounds and items.</param>
    /// <param name="stage">Way of learning, threshold, wanted groups, refill cap.</param>
    /// <param name="round">The round just sampled; 0 is the first draw, 1 the first refill.</param>
    /// <param name="quarantined">Lone successes that a second check did not confirm: sampled, and not admitted.</param>
    public static AdmissionResult Decide(
        IEnumerable<TrajectoryGroup> groups, SampledStagePlan stage, int round, IReadOnlySet<TrajectoryGroup>? quarantined = null)
    {
        var plan = stage.Admission;
        var admitted = new List<TrajectoryGroup>();
        int sampled = 0, trajectories = 0, wellFormed = 0, loneSuccesses = 0, held = 0;
        double sum = 0;
        foreach (var group in groups)
        {
            var rewards = group.Trajectories.Select(t => t.Reward).ToArray();
            sampled++;
            trajectories += rewards.Length;
            sum += rewards.Sum();
            wellFormed += group.Trajectories.Count(t => t.WellFormed);
            loneSuccesses += LoneSuccess.Is(rewards) ? 1 : 0;
            if (quarantined?.Contains(group) == true)
                held++;
            else if (GroupUse.IsUseful(group, stage))
                admitted.Add(group);
        }

        var decision = admitted.Count >= plan.TargetGroups ? AdmissionDecision.Ready
            : round < plan.RefillRounds ? AdmissionDecision.Refill
            : admitted.Count > 0 ? AdmissionDecision.Ready
            : AdmissionDecision.Starved;
        return new()
        {
            Groups = admitted,
            Decision = decision,
            Yield = new()
            {
                Sampled = sampled,
                Admitted = admitted.Count,
                LoneSuccesses = loneSuccesses,
                Quarantined = held,
                MeanReward = trajectories == 0 ? 0 : sum / trajectories,
                WellFormedShare = trajectories == 0 ? 0 : (double)wellFormed / trajectories,
            },
        };
    }
}

/// <summary>The admitted groups, in the order sampled, and what to do next.</summary>
public sealed record AdmissionResult
{
    public required IReadOnlyList<TrajectoryGroup> Groups { get; init; }

    public required AdmissionDecision Decision { get; init; }

    public required AdmissionYield Yield { get; init; }
}

/// <summary>What to do after a round.</summary>
public enum AdmissionDecision
{
    /// <summary>Update with the admitted groups: enough, or all that the refill rounds brought.</summary>
    Ready,

    /// <summary>Sample another round.</summary>
    Refill,

    /// <summary>The refill rounds are used up and not one group was admitted.</summary>
    Starved,
}
