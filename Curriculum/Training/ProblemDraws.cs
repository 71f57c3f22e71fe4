using Curriculum.Admission;
using Curriculum.Problems;

namespace Curriculum.Training;

/// <summary>The problems of an iteration's round, or of an SFT batch: a pure function of the pool, the difficulty profile and the ids.</summary>
internal sealed class ProblemDraws(StageSetting setting, ProfileRef? at, DifficultyProfile? profile)
{
    public IReadOnlyList<Problem> Draw(int iteration, int round)
    {
        var (pool, count, key) = (setting.Pool, setting.Plan.ProblemsPerIteration, setting.Key.PoolKey);
        if (at is null)
            return [.. PoolSampler.Draw(pool.Count, count, key, iteration, round).Select(index => pool[index])];

        // Each profile begins a walk of its own: the problems of the one before are not those of this one.
        var since = iteration - at.Iteration * setting.Plan.BatchesPerItem;
        return [.. PoolSampler.Draw(profile!.Tiers(), count, FormattableString.Invariant($"{key}/profile/{at.Ordinal}"), since, round).Select(index => pool[index])];
    }
}
