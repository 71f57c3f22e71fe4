using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;
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
        var training = await CreateAsync(run, plan.Training, cancellationToken);
        // Beyond the demonstrations a problem has its answer only: no stage can see an expert's steps that the plan does not grant.
        var demonstrations = plan.Training.Demonstrations ?? training.Count;
        IReadOnlyList<Problem> pool = [.. training.Select((problem, index) => index < demonstrations ? problem : problem with { Steps = [] })];
        StepTargets.Refuse(plan, pool);
        var validation = await CreateAsync(run, plan.Evaluation.Validation, cancellationToken);
        var benchmarks = new List<(string Name, IReadOnlyList<Problem> Problems)>();
        foreach (var benchmark in plan.Evaluation.Benchmarks)
            benchmarks.Add((benchmark.Name, await CreateAsync(run, benchmark, cancellationToken)));
        PoolOverlap.Refuse([("training", training), ("validation", validation), .. benchmarks]);

        await FreezeAsync(run, FrozenRun.TrainingPool, pool, cancellationToken);
        await FreezeAsync(run, FrozenRun.ValidationPool, validation, cancellationToken);
        foreach (var (name, problems) in benchmarks)
            await FreezeAsync(run, FrozenRun.BenchmarkPool(name), problems, cancellationToken);
    }

    private async Task<IReadOnlyList<Problem>> CreateAsync(string run, ProblemSetPlan set, CancellationToken cancellationToken)
    {
        IReadOnlyList<string>? lines = null;
        if (set.Dataset is { } dataset)
        {
            lines = Lines(dataset, (await blobs.ReadBytesAsync(StorageNames.DatasetsContainer, dataset, cancellationToken)).ToStream());
            if (ProblemFamilies.Get(set.Family).LeftOut(lines) is { } leftOut)
                await incidents.TellAsync(run, $"{dataset}: {leftOut}", cancellationToken);
        }

        var problems = ProblemFamilies.Get(set.Family).Create(set, lines);
        return set.Verifier is null ? problems : [.. problems.Select(problem => problem with { Verifier = set.Verifier })];
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
