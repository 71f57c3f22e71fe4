using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;
using Curriculum.Texts;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Freezes the problem pools and sends the work that makes the base, so that nothing that changes later can change the run.</summary>
public sealed class PrepareRun(JsonBlobs blobs, FrozenRun frozen, BaseModels models, RunContinuation continuation, RunUsage usage, WorkDispatch dispatch, Incidents incidents)
{
    [Function(nameof(PrepareRun))]
    public async Task<PreparedRun> Run([ActivityTrigger] PrepareRunInput input, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(input.Run, cancellationToken);
        await usage.BeginAsync(input.Run, cancellationToken);
        var resumes = await continuation.PrepareAsync(await frozen.RecordAsync(input.Run, cancellationToken), cancellationToken);
        await FreezePoolsAsync(input.Run, plan, cancellationToken);
        var prepared = new PreparedRun
        {
            Arms = plan.Arms,
            Seeds = plan.Seeds,
            Budget = plan.Budget,
            Limits = plan.Limits,
            BaseStage = new(input.Run, BaseModels.Stage(plan), 0, 0, 0),
            NeedsVotes = BaseVotes.Wanted(plan) > 0,
            Resumes = resumes,
        };
        if (await models.FindAsync(BaseModels.Folder(input.Run), cancellationToken) is { } there)
            return prepared with { Base = there };

        var item = BaseModels.WorkOf(input.Run, plan);
        return prepared with { Waiting = await dispatch.SendAsync([item], input.Instance, cancellationToken) };
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

/// <summary>Input of <see cref="PrepareRun"/>.</summary>
public sealed record PrepareRunInput(string Run, string Instance);

/// <summary>What the run's orchestration needs of the plan, and its base.</summary>
public sealed record PreparedRun
{
    public required IReadOnlyList<ArmPlan> Arms { get; init; }

    public required IReadOnlyList<int> Seeds { get; init; }

    public required BudgetPlan Budget { get; init; }

    public required LimitsPlan Limits { get; init; }

    /// <summary>What waiting for the base is called in the status.</summary>
    public required StageKey BaseStage { get; init; }

    /// <summary>The base, where the run has one already; null while it is imported or pretrained.</summary>
    public StateRef? Base { get; init; }

    public IReadOnlyList<string> Waiting { get; init; } = [];

    /// <summary>Whether a reward asks for labels that the base votes on.</summary>
    public bool NeedsVotes { get; init; }

    /// <summary>What the arms take over from another run.</summary>
    public IReadOnlyList<ArmResume> Resumes { get; init; } = [];

    public ArmResume? ResumeOf(string arm, int seed) => Resumes.FirstOrDefault(resume => resume.Arm == arm && resume.Seed == seed);
}
