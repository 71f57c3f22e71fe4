using System.Globalization;
using Curriculum.Admission;
using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary>The groups that were sampled for training and kept.</summary>
internal sealed class RolloutShelf(RolloutSamples samples, IterationRecords records)
{
    /// <summary>No stage is begun more often.</summary>
    private const int MostAttempts = 1000;

    /// <summary>The samples that may hold what is asked for, in their order; what stands before the query's place is passed over unread.</summary>
    public async IAsyncEnumerable<Shelf> ListAsync(RunPools pools, TrajectoryQuery query, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Benchmark is not null || query.Pattern is not null)
            yield break;
        foreach (var (arm, armAt) in pools.Plan.Arms.Select((arm, at) => (arm, at)).Where(pair => query.Arm is null || pair.arm.Name == query.Arm))
        {
            foreach (var (seed, seedAt) in pools.Plan.Seeds.Select((seed, at) => (seed, at)).Where(pair => query.Seed is null || pair.seed == query.Seed))
            {
                for (var stage = 0; stage < arm.Stages.Count; stage++)
                {
                    if (query.Stage is { } wanted && wanted != stage)
                        continue;
                    await foreach (var shelf in AttemptsAsync(pools, query, new(pools.Run, arm.Name, seed), new(0, armAt, seedAt, stage, 0, 0, 0), cancellationToken))
                        yield return shelf;
                }
            }
        }
    }

    /// <summary>One group with everything; null where it was not kept, or is gone.</summary>
    public async Task<TrajectoryDetail?> FindAsync(RunPools pools, TrajectoryKey key, CancellationToken cancellationToken)
    {
        var stage = new StageKey(new(pools.Run, key.Arm, key.Seed), key.Stage, key.Attempt);
        var name = new RolloutSample { Stage = stage, Iteration = key.At, Sampled = 0, Groups = [] }.Blob;
        if (await samples.FindAsync(name, cancellationToken) is not { } sample || sample.Groups.FirstOrDefault(group => group.Index == key.Index) is not { } kept)
            return null;
        var problem = await pools.TrainingAsync(kept.Group.ProblemId, cancellationToken);
        var advantages = AdvantagesOf(pools.Plan, key, kept.Group);
        return new()
        {
            Entry = await EntryAsync(pools, stage, sample.Iteration, kept, cancellationToken),
            Problem = problem,
            GroupsSampled = sample.Sampled,
            Others = [],
            Completions =
            [
                .. kept.Group.Trajectories.Select((trajectory, at) => CompletionReading.Of(problem, trajectory.Text, kept.Group.Step) with
                {
                    Reward = trajectory.Reward,
                    Penalty = trajectory.Penalty == 0 ? null : trajectory.Penalty,
                    Advantage = kept.Admitted ? advantages?[at] : null,
                    WellFormed = trajectory.WellFormed,
                    Terminated = trajectory.Terminated,
                    Tokens = trajectory.Tokens,
                    LogProbs = trajectory.LogProbs,
                }),
            ],
        };
    }

    private async IAsyncEnumerable<Shelf> AttemptsAsync(
        RunPools pools, TrajectoryQuery query, ArmKey arm, TrajectoryPlace first, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < MostAttempts; attempt++)
        {
            var (stage, place) = (new StageKey(arm, first.Stage, attempt), first with { Attempt = attempt });
            if (query.After is { } after && place with { At = int.MaxValue } < after)
                continue;
            var names = await samples.NamesAsync(stage, cancellationToken);
            if (names.Count == 0)
                yield break;
            var alarmed = query.Guard is { } guard
                ? (await records.ReadAsync(stage, cancellationToken)).Where(record => record.Alarms?.Any(alarm => alarm.Guard == guard) == true).Select(record => record.Iteration).ToHashSet()
                : null;
            foreach (var name in names)
            {
                var iteration = int.Parse(name[RolloutSample.Prefix(stage).Length..].Split('.')[0], CultureInfo.InvariantCulture);
                var at = place with { At = iteration };
                if ((query.Iteration is { } wanted && wanted != iteration) || alarmed?.Contains(iteration) == false || (query.After is { } last && at with { Index = int.MaxValue } <= last))
                    continue;
                yield return new(at, async token => await samples.FindAsync(name, token) is { } sample
                    ? await Task.WhenAll(sample.Groups.Select(group => EntryAsync(pools, stage, iteration, group, token)))
                    : []);
            }
        }
    }

    private static async Task<TrajectoryEntry> EntryAsync(RunPools pools, StageKey stage, int iteration, SampledGroup kept, CancellationToken cancellationToken)
    {
        var group = kept.Group;
        var problem = await pools.TrainingAsync(group.ProblemId, cancellationToken);
        return new()
        {
            Key = new TrajectoryKey(TrajectorySource.Rollout, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, iteration, null, kept.Index).ToString(),
            Source = TrajectorySource.Rollout,
            Arm = stage.Arm,
            Seed = stage.Seed,
            Stage = stage.Stage,
            Attempt = stage.Attempt,
            Iteration = iteration,
            Problem = group.ProblemId,
            Question = problem?.Question,
            Step = group.Step,
            Text = group.Trajectories.MaxBy(trajectory => trajectory.Reward)?.Text ?? "",
            Rewards = [.. group.Trajectories.Select(trajectory => trajectory.Reward)],
            Admitted = kept.Admitted,
            Quarantined = kept.Quarantined ? true : null,
            Correct = group.Step is null && problem is not null
                ? group.Trajectories.Any(trajectory => CompletionReading.Of(problem, trajectory.Text).Verifier?.Correct == true)
                : null,
        };
    }

    /// <summary>As the update takes them.</summary>
    private static double[]? AdvantagesOf(RunPlan plan, TrajectoryKey key, TrajectoryGroup group) =>
        plan.Arms.FirstOrDefault(arm => arm.Name == key.Arm)?.Stages.ElementAtOrDefault(key.Stage) is PolicyGradientPlan { Advantage.Estimator: not AdvantageEstimator.Gae } stage
            ? LoneSuccess.Cap(
                [.. group.Trajectories.Select(trajectory => trajectory.Reward)],
                GroupAdvantages.Of([.. group.Trajectories.Select(trajectory => trajectory.Reward + trajectory.Penalty)], stage.Advantage),
                stage.Admission.LoneSuccess)
            : null;
}
