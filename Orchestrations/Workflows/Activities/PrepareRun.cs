using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Freezes the problem pools, so that nothing that changes later can change the run, and copies what it goes on from.</summary>
public sealed class PrepareRun(JsonBlobs blobs, FrozenRun frozen, RunContinuation continuation, RunUsage usage, Incidents incidents)
{
    [Function(nameof(PrepareRun))]
    public async Task<PreparedRun> Run([ActivityTrigger] RunId run, CancellationToken cancellationToken)
    {
        var record = await frozen.RecordAsync(run, cancellationToken);
        var plan = record.Plan;
        await usage.BeginAsync(run, cancellationToken);
        await continuation.PrepareAsync(record, cancellationToken);
        await FreezePoolsAsync(run, plan, cancellationToken);
        return new()
        {
            IsImported = plan.Base.Model is not null,
            NeedsVotes = plan.Votes() > 0,
            ParallelArms = plan.Limits.ParallelArms,
            // Seed by seed, so that the first seed of every arm is there early.
            Trained = [.. from seed in plan.Seeds from arm in plan.Arms where arm.Stages.Count > 0 select new ArmKey(run, arm.Name, seed)],
            Evaluated = PreparedRun.EvaluatedArms(run, plan),
        };
    }

    private async Task FreezePoolsAsync(string run, RunPlan plan, CancellationToken cancellationToken)
    {
        var datasets = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var name in PlanPools.Sets(plan).Select(set => set.Dataset).OfType<string>().Distinct())
            datasets[name] = Lines(name, (await blobs.ReadBytesAsync(StorageNames.DatasetsContainer, name, cancellationToken)).ToStream());
        foreach (var set in PlanPools.Sets(plan).Where(set => set.Dataset is not null).DistinctBy(set => (set.Family, set.Dataset)))
        {
            if (ProblemFamilies.Get(set.Family).LeftOut(datasets[set.Dataset!]) is { } leftOut)
                await incidents.TellAsync(run, $"{set.Dataset}: {leftOut}", cancellationToken);
        }

        var pools = PlanPools.Of(plan, datasets);
        await FreezeAsync(run, FrozenRun.TrainingPool, pools.Training, cancellationToken);
        await FreezeAsync(run, FrozenRun.ValidationPool, pools.Validation, cancellationToken);
        foreach (var (name, problems) in pools.Benchmarks)
            await FreezeAsync(run, FrozenRun.BenchmarkPool(name), problems, cancellationToken);
    }

    private static IReadOnlyList<string> Lines(string dataset, Stream content)
    {
        try
        {
            return [.. Utf8Lines.Read(content)];
        }
        catch (InvalidDataException fault)
        {
            throw new ArgumentException($"{dataset}: {fault.Message}", fault);
        }
    }

    private Task<BlobRef> FreezeAsync(string run, string pool, IReadOnlyList<Problem> problems, CancellationToken cancellationToken) =>
        blobs.FreezeAsync(
            StorageNames.RunsContainer, FrozenRun.PoolName(run, pool), problems, CurriculumJson.Default.IReadOnlyListProblem, cancellationToken);
}

/// <summary>What the run's orchestration goes by.</summary>
public sealed record PreparedRun
{
    /// <summary>Whether the base is imported; else it is pretrained.</summary>
    public required bool IsImported { get; init; }

    /// <summary>Whether a reward asks for labels that the base votes on.</summary>
    public required bool NeedsVotes { get; init; }

    /// <summary>Arms trained, and then evaluated, at the same time.</summary>
    public required int ParallelArms { get; init; }

    public required IReadOnlyList<ArmKey> Trained { get; init; }

    public required IReadOnlyList<WorkOwner> Evaluated { get; init; }

    /// <summary>Every arm that is evaluated, in the order of the verdict: those that never train once, the others under every seed.</summary>
    public static IReadOnlyList<WorkOwner> EvaluatedArms(RunId run, RunPlan plan) =>
    [
        .. from arm in plan.Arms where arm.Stages.Count == 0 select WorkOwner.Evaluation(new(run, arm.Name, 0), 0),
        .. from seed in plan.Seeds from arm in plan.Arms where arm.Stages.Count > 0 select WorkOwner.Evaluation(new(run, arm.Name, seed), arm.Stages.Count),
    ];
}
