using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Chooses an arm's checkpoint by validation alone, then sends its evaluation on every benchmark.</summary>
public sealed class PlanEvaluation(FrozenRun frozen, StageRecords records, ProbePlanner probes, StateCheck check, Incidents incidents, WorkDispatch dispatch)
{
    [Function(nameof(PlanEvaluation))]
    public async Task<PlannedEvaluation> Run([ActivityTrigger] PlanEvaluationInput input, CancellationToken cancellationToken)
    {
        var arm = input.Arm;
        var plan = await frozen.PlanAsync(arm.Run, cancellationToken);
        var best = await BestWholeAsync(arm, cancellationToken);
        var policy = best?.State ?? arm.Last;
        var items = new List<WorkItem>();
        var benchmarks = new List<BenchmarkItems>();
        foreach (var benchmark in plan.Evaluation.Benchmarks)
        {
            var problems = await frozen.PoolAsync(arm.Run, FrozenRun.BenchmarkPool(benchmark.Name), cancellationToken);
            var chunks = problems.Chunk(plan.Evaluation.ProblemsPerItem)
                .Select((chunk, index) => Item(arm, plan.Evaluation, benchmark.Name, policy, items.Count + index, chunk))
                .ToList();
            items.AddRange(chunks);
            benchmarks.Add(new(benchmark.Name, [.. chunks.Select(item => item.Id)]));
        }

        ProbeItems? probe = null;
        if (arm.Stages.Count > 0 && await probes.PlanAsync(arm.Run, arm.Arm, arm.Seed, arm.Stages.Count, policy, arm.Enabled, cancellationToken) is { } planned)
        {
            var scores = await probes.ScoresAsync(arm.Run, arm.Arm, arm.Seed, arm.Stages.Count, policy, cancellationToken);
            items.AddRange(planned.Items);
            if (scores is not null)
                items.Add(scores);
            probe = planned.Ids with { Scores = scores?.Id };
        }

        return new()
        {
            Probe = probe,
            Checkpoint = policy,
            ValidationAccuracy = best?.Greedy,
            Benchmarks = benchmarks,
            Waiting = await dispatch.SendAsync(items, input.Instance, cancellationToken),
        };
    }

    /// <summary>The best on validation of those whose every byte is as it was written; one that is not is named in the run's status.</summary>
    private async Task<ValidatedCheckpoint?> BestWholeAsync(EvaluateArmInput arm, CancellationToken cancellationToken)
    {
        // What training made, and no guard took back; the start of a stage is validated for the guards alone.
        var validated = (await records.ReadValidationsAsync(arm.Run, arm.Arm, arm.Seed, cancellationToken))
            .Where(point => point.Updates > 0 && !arm.Discarded.Any(discarded => discarded.Covers(point)))
            .ToList();
        while (ValidatedCheckpoint.Best(validated) is { } best)
        {
            if (await check.FaultAsync(best.State, cancellationToken) is not { } fault)
                return best;
            await incidents.TellAsync(arm.Run, $"The checkpoint {best.State.Folder} is not used: {fault}", cancellationToken);
            validated.Remove(best);
        }

        return null;
    }

    private static EvaluateItem Item(
        EvaluateArmInput arm, EvaluationPlan plan, string benchmark, StateRef policy, int chunk, IReadOnlyList<Curriculum.Problems.Problem> problems)
    {
        var id = new WorkItemId(arm.Run, arm.Arm, arm.Seed, arm.Stages.Count, 0, 0, 0, chunk, WorkKind.Evaluate);
        return new()
        {
            Id = id.ToString(),
            Policy = policy,
            Problems = problems,
            Samples = plan.Samples,
            MaxNewTokens = plan.MaxNewTokens,
            // Without the arm and the seed: every arm is sampled with the same draws.
            DrawKey = $"benchmark/{benchmark}",
        };
    }
}

/// <summary>Input of <see cref="PlanEvaluation"/>.</summary>
public sealed record PlanEvaluationInput(EvaluateArmInput Arm, string Instance);

/// <summary>An evaluation that was sent.</summary>
public sealed record PlannedEvaluation
{
    public required StateRef Checkpoint { get; init; }

    public double? ValidationAccuracy { get; init; }

    public required IReadOnlyList<BenchmarkItems> Benchmarks { get; init; }

    public ProbeItems? Probe { get; init; }

    public required IReadOnlyList<string> Waiting { get; init; }
}
