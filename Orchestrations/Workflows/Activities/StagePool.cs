using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>The problems that a stage draws from: the run's frozen pool, in the order of the stage's difficulty profile where it has one.</summary>
public sealed class StagePool(FrozenRun frozen)
{
    /// <summary>The whole pool of a stage: the problems with an expert's solution where it imitates, those whose label is wrong for the reward incorrect, all else.</summary>
    public async Task<IReadOnlyList<Problem>> AllAsync(StageKey stage, StagePlan plan, CancellationToken cancellationToken)
    {
        var pool = await frozen.PoolAsync(stage.Run, FrozenRun.TrainingPool, cancellationToken);
        if (plan.NeedsDemonstrations)
            return [.. pool.Where(problem => problem.Steps.Count > 0)];
        if (plan is not SampledStagePlan sampled || !BaseVotes.WantsWrongLabels(sampled.Reward))
            return pool;
        var labels = await LabelsAsync(stage, sampled, cancellationToken);
        IReadOnlyList<Problem> wrong = [.. pool.Where(problem => labels[problem.Id] is { Label: not null, Correct: false })];
        return wrong.Count > 0 ? wrong : throw new ArgumentException(
            $"Expected a problem whose majority label is wrong for the reward incorrect, found none among {pool.Count}: take harder training problems or a weaker base.");
    }

    /// <summary>The label that the base's votes give each problem of the training pool.</summary>
    public async Task<IReadOnlyDictionary<string, MajorityLabel>> LabelsAsync(StageKey stage, SampledStagePlan plan, CancellationToken cancellationToken)
    {
        var pool = await frozen.PoolAsync(stage.Run, FrozenRun.TrainingPool, cancellationToken);
        var votes = await frozen.VotesAsync(stage.Run, cancellationToken);
        return pool.Zip(votes).ToDictionary(pair => pair.First.Id, pair => pair.Second.Label(pair.First, plan.Reward.Votes), StringComparer.Ordinal);
    }

    /// <summary>The problems of an iteration's round, or of an SFT batch: a pure function of the pool, the profile and the ids.</summary>
    public async Task<IReadOnlyList<Problem>> DrawAsync(
        StageKey stage, StagePlan plan, ProfileRef? profile, int iteration, int round, CancellationToken cancellationToken)
    {
        var pool = await AllAsync(stage, plan, cancellationToken);
        if (profile is null)
            return [.. PoolSampler.Draw(pool.Count, plan.ProblemsPerIteration, Pools.SeedKey(stage), iteration, round).Select(index => pool[index])];

        // Each profile begins a walk of its own: the problems of the one before are not those of this one.
        var tiers = (await ProfileAsync(profile, cancellationToken)).Tiers();
        var key = FormattableString.Invariant($"{Pools.SeedKey(stage)}/profile/{profile.Ordinal}");
        var since = iteration - profile.Iteration * plan.BatchesPerItem;
        return [.. PoolSampler.Draw(tiers, plan.ProblemsPerIteration, key, since, round).Select(index => pool[index])];
    }

    public Task<DifficultyProfile> ProfileAsync(ProfileRef profile, CancellationToken cancellationToken) => frozen.ReadAsync(
        profile.Blob[..profile.Blob.IndexOf('/', StringComparison.Ordinal)], profile.Blob, OrchestrationsJson.Default.DifficultyProfile, cancellationToken);
}

/// <summary>How draws from the pool are keyed.</summary>
public static class Pools
{
    /// <summary>By seed, stage and attempt and not by arm: arms with the same stages see the same problems.</summary>
    public static string SeedKey(StageKey stage) => FormattableString.Invariant($"pool/{stage.Seed}/{stage.Stage}/{stage.Attempt}");
}
