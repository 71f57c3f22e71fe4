using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>What return-conditioned RL trains on: each completion as text, under the label of what it was worth.</summary>
public static class LabelledData
{
    /// <summary>Before the prompt of a success, and of every prompt once it was trained on: one character, so that a policy of characters reads it as one token.</summary>
    public const string Good = "✓";

    /// <summary>Before the prompt of a failure.</summary>
    public const string Bad = "✗";

    /// <summary>The labelled completions, by problem and step and as sampled.</summary>
    /// <param name="groups">Groups of the iteration.</param>
    /// <param name="problem">Finds a group's problem, with its steps where steps were sampled.</param>
    /// <param name="plan">What a success is, and how many failures go with it.</param>
    /// <param name="key">Of the draw of failures, where not all are taken.</param>
    /// <param name="chat">Whether they are read in a chat template.</param>
    public static UpdateBatch Of(IEnumerable<TrajectoryGroup> groups, Func<string, Problem> problem, ReturnConditionedPlan plan, string key, bool chat = false)
    {
        var all = groups
            .OrderBy(group => group.ProblemId, StringComparer.Ordinal).ThenBy(group => group.Step ?? -1)
            .SelectMany(group => group.Trajectories.Select(trajectory => (Group: group, Trajectory: trajectory)))
            .ToList();
        bool Succeeded((TrajectoryGroup Group, Trajectory Trajectory) one) => GroupUse.IsSuccess(one.Trajectory, plan);
        var failures = all.Where(one => !Succeeded(one)).ToArray();
        if (plan.Conditioning.MaximumFailures is { } ratio)
        {
            KeyedRandom.Stream(key).Shuffle<(TrajectoryGroup, Trajectory)>(failures);
            failures = failures[..Math.Min(failures.Length, (int)Math.Floor(ratio * (all.Count - failures.Length)))];
        }

        var kept = failures.Select(one => one.Trajectory).ToHashSet<Trajectory>(ReferenceEqualityComparer.Instance);
        return new()
        {
            Written =
            [
                .. all.Where(one => Succeeded(one) || kept.Contains(one.Trajectory)).Select(one =>
                    WrittenText.Of(problem(one.Group.ProblemId), one.Group.Step, Succeeded(one) ? Good : Bad, one.Trajectory.Text, chat)),
            ],
        };
    }
}
