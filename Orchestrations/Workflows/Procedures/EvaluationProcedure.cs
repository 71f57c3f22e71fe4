using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Chooses an arm's checkpoint by validation alone, and evaluates it on every benchmark.</summary>
internal sealed class EvaluationProcedure(
    JsonBlobs blobs, FrozenRun frozen, BaseModels models, StageStates states, StageRecords records, ProbePlanner probes, StateCheck check, Incidents incidents,
    WorkResults results, WorkDispatch dispatch) : MeasureProcedure(results, dispatch)
{
    protected override async Task<IReadOnlyList<WorkItem>?> PlanAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        if (step > 0)
            return null;
        var plan = await frozen.PlanAsync(owner.Run, cancellationToken);
        var course = ArmCourse.Of(owner.Arm, plan, await models.ReadAsync(owner.Run, cancellationToken), await states.EndsAsync(owner.Arm, cancellationToken));
        var (policy, accuracy) = await ChooseAsync(owner, course, cancellationToken);
        var items = new List<WorkItem>();
        var benchmarks = new List<BenchmarkItems>();
        foreach (var benchmark in plan.Evaluation.Benchmarks)
        {
            var problems = await frozen.PoolAsync(owner.Run, FrozenRun.BenchmarkPool(benchmark.Name), cancellationToken);
            var first = items.Count;
            items.AddRange(problems.Chunk(plan.Evaluation.ProblemsPerItem).Select((chunk, index) => Item(owner, plan.Evaluation, benchmark.Name, policy, first + index, chunk)));
            benchmarks.Add(new(benchmark.Name, [.. items.Skip(first).Select(item => item.Id)]));
        }

        ProbeItems? probe = null;
        if (course.Finished.Count > 0 && await probes.PlanAsync(owner, policy, course.Enabled, cancellationToken) is { } planned)
        {
            items.AddRange(planned.Items);
            var scores = await probes.ScoresAsync(owner, policy, cancellationToken);
            if (scores is not null)
                items.Add(scores);
            probe = planned.Ids with { Scores = scores?.Id };
        }

        await blobs.FreezeAsync(
            StorageNames.RunsContainer,
            ArmEvaluation.Blob(owner.Arm),
            new ArmEvaluation(owner.Arm, policy, benchmarks) { ValidationAccuracy = accuracy, Probe = probe },
            StorageJson.Default.ArmEvaluation,
            cancellationToken);
        return items;
    }

    protected override Task RecordAsync(WorkOwner owner, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The choice that was made, or the best on validation of those whose every byte is as it was written; one that is not is named in the run's status.</summary>
    private async Task<(StateRef Policy, double? Accuracy)> ChooseAsync(WorkOwner owner, ArmCourse course, CancellationToken cancellationToken)
    {
        if (await blobs.FindAsync(StorageNames.RunsContainer, ArmEvaluation.Blob(owner.Arm), StorageJson.Default.ArmEvaluation, cancellationToken) is { } chosen)
            return (chosen.Checkpoint, chosen.ValidationAccuracy);
        // What training made, and no guard took back; the start of a stage is validated for the guards alone.
        var validated = (await records.ReadValidationsAsync(owner.Arm, cancellationToken)).Where(point => point.Updates > 0 && !course.Discarded(point)).ToList();
        while (ValidatedCheckpoint.Best(validated) is { } best)
        {
            if (await check.FaultAsync(best.State, cancellationToken) is not { } fault)
                return (best.State, best.Greedy);
            await incidents.TellAsync(owner.Run, $"The checkpoint {best.State.Folder} is not used: {fault}", cancellationToken);
            validated.Remove(best);
        }

        return (course.Last ?? await models.ReadAsync(owner.Run, cancellationToken), null);
    }

    private static EvaluateItem Item(WorkOwner owner, EvaluationPlan plan, string benchmark, StateRef policy, int chunk, IReadOnlyList<Problem> problems) => new()
    {
        Id = WorkItemId.Of(owner, WorkKind.Evaluate, chunk),
        Policy = policy,
        Problems = problems,
        Samples = plan.Samples,
        MaxNewTokens = plan.MaxNewTokens,
        // Without the arm and the seed: every arm is sampled with the same draws.
        DrawKey = $"benchmark/{benchmark}",
    };
}
