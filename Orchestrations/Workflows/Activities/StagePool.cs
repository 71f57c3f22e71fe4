using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>The problems that a stage draws from: the run's frozen pool, in the order of the stage's difficulty profile where it has one.</summary>
public sealed class StagePool(JsonBlobs blobs, FrozenRun frozen)
{
    /// <summary>The whole pool of a method: the problems with an expert's solution for SFT and SRL, all for the others.</summary>
    public async Task<IReadOnlyList<Problem>> AllAsync(StageKey stage, Method method, CancellationToken cancellationToken)
    {
        var pool = await frozen.PoolAsync(stage.Run, FrozenRun.TrainingPool, cancellationToken);
        return method is Method.Sft or Method.Srl ? [.. pool.Where(problem => problem.Steps.Count > 0)] : pool;
    }

    /// <summary>The problems of an iteration's round, or of an SFT batch: a pure function of the pool, the profile and the ids.</summary>
    public async Task<IReadOnlyList<Problem>> DrawAsync(
        StageKey stage, StagePlan plan, ProfileRef? profile, int iteration, int round, CancellationToken cancellationToken)
    {
        var pool = await AllAsync(stage, plan.Method, cancellationToken);
        if (profile is null)
            return [.. PoolSampler.Draw(pool.Count, plan.ProblemsPerIteration, Pools.SeedKey(stage), iteration, round).Select(index => pool[index])];

        // Each profile begins a walk of its own: the problems of the one before are not those of this one.
        var tiers = (await ProfileAsync(profile, cancellationToken)).Tiers();
        var key = FormattableString.Invariant($"{Pools.SeedKey(stage)}/profile/{profile.Ordinal}");
        var since = iteration - profile.Iteration * plan.UpdatesPerItem;
        return [.. PoolSampler.Draw(tiers, plan.ProblemsPerIteration, key, since, round).Select(index => pool[index])];
    }

    public Task<DifficultyProfile> ProfileAsync(ProfileRef profile, CancellationToken cancellationToken) => blobs.ReadFrozenAsync(
        StorageNames.RunsContainer, profile.Blob, OrchestrationsJson.Default.DifficultyProfile, cancellationToken);
}

/// <summary>How draws from the pool are keyed.</summary>
public static class Pools
{
    /// <summary>By seed, stage and attempt and not by arm: arms with the same stages see the same problems.</summary>
    public static string SeedKey(StageKey stage) => FormattableString.Invariant($"pool/{stage.Seed}/{stage.Stage}/{stage.Attempt}");
}
