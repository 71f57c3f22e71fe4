using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Makes difficulty profiles out of pilot rollouts: pure functions.</summary>
public static class Profiling
{
    /// <summary>Before the first pilot.</summary>
    public static DifficultyProfile Unpiloted(IReadOnlyList<Problem> pool) =>
        new() { Ordinal = -1, Iteration = 0, Problems = [.. pool.Select(problem => ProblemDifficulty.NotPiloted(problem.Id))] };

    /// <summary>Indices of the problems to pilot next: at first all or as many as the plan says, later some of the deferred, in turn.</summary>
    /// <remarks>Too easy and audited ones are not asked again: more rollouts do not make them harder, or their labels right.</remarks>
    /// <param name="profile">As it stands.</param>
    /// <param name="plan">The stage's profile plan.</param>
    /// <param name="key">What keys the draw.</param>
    public static IReadOnlyList<int> Next(DifficultyProfile profile, ProfilePlan plan, string key)
    {
        var first = profile.Ordinal < 0;
        int[] waiting = [.. Enumerable.Range(0, profile.Problems.Count)
            .Where(index => profile.Problems[index].Class is DifficultyClass.NotPiloted or DifficultyClass.Unknown or DifficultyClass.TooHard)];
        var count = Math.Min(waiting.Length, first ? plan.Problems ?? waiting.Length : plan.AgainProblems);
        if (count == 0)
            return [];
        if (count == waiting.Length)
            return waiting;

        // Those that have waited longest come first; among these the order is drawn.
        var drawn = PoolSampler.Draw(waiting.Length, waiting.Length, $"{key}/pilot", profile.Ordinal + 1, 0);
        return [.. drawn.Select(position => waiting[position]).OrderBy(index => profile.Problems[index].Rollouts == 0 ? -1 : profile.Problems[index].Iteration).Take(count)];
    }

    /// <summary>The profile with new pilots taken in; what was not piloted stays as it was.</summary>
    /// <param name="profile">As it stood.</param>
    /// <param name="plan">Bands.</param>
    /// <param name="pool">The pool that the profile is of.</param>
    /// <param name="piloted">One group for each problem piloted, rewarded with 1 where the verifier accepts.</param>
    /// <param name="iteration">The iteration that is about to begin.</param>
    public static DifficultyProfile TakeIn(
        DifficultyProfile profile, ProfilePlan plan, IReadOnlyList<Problem> pool, IEnumerable<TrajectoryGroup> piloted, int iteration)
    {
        var groups = piloted.ToDictionary(group => group.ProblemId, StringComparer.Ordinal);
        return new()
        {
            Ordinal = profile.Ordinal + 1,
            Iteration = iteration,
            Problems = [.. pool.Zip(profile.Problems, (problem, before) =>
                groups.TryGetValue(problem.Id, out var group) ? Judge(plan, problem, group, iteration) : before)],
        };
    }

    private static ProblemDifficulty Judge(ProfilePlan plan, Problem problem, TrajectoryGroup group, int iteration)
    {
        var (rollouts, correct) = (group.Trajectories.Count, group.Trajectories.Count(trajectory => trajectory.Reward > 0.5));
        if (correct == 0)
        {
            var finding = LabelAudit.Of(problem);
            return new(problem.Id, finding is null ? DifficultyClass.Unknown : DifficultyClass.AuditFailed, rollouts, 0, iteration, finding);
        }

        var share = (double)correct / rollouts;
        var found = share < plan.Low ? DifficultyClass.TooHard
            : share > plan.High ? DifficultyClass.TooEasy
            : share >= plan.AimLow && share <= plan.AimHigh ? DifficultyClass.Aim
            : DifficultyClass.Band;
        return new(problem.Id, found, rollouts, correct, iteration);
    }
}
