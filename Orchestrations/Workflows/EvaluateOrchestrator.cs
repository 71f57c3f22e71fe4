using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Evaluates one arm under one seed on every benchmark, at its best checkpoint on validation.</summary>
public static class EvaluateOrchestrator
{
    [Function(nameof(EvaluateOrchestrator))]
    public static async Task<ArmEvaluationResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<EvaluateArmInput>()!;
        var planned = await context.CallActivityAsync<PlannedEvaluation>(
            nameof(PlanEvaluation), new PlanEvaluationInput(input, context.InstanceId), Retries.Storage);
        await WorkWait.AllAsync(context, planned.Waiting);
        return new(input.Arm, input.Seed, planned.Checkpoint, planned.ValidationAccuracy, planned.Benchmarks) { Probe = planned.Probe };
    }
}

/// <summary>Input of <see cref="EvaluateOrchestrator"/>.</summary>
/// <param name="Last">The arm's last state, evaluated where no checkpoint was validated.</param>
/// <param name="Stages">The stages that the arm ran, attempts included.</param>
/// <param name="Discarded">What guards rolled back: no checkpoint is chosen there.</param>
public sealed record EvaluateArmInput(
    string Run, string Arm, int Seed, StateRef Last, IReadOnlyList<StageKey> Stages, IReadOnlyList<DiscardedWork> Discarded)
{
    /// <summary>The state that RLVR started from after another stage; null where there is none.</summary>
    public StateRef? Enabled { get; init; }
}

/// <summary>An attempt's work after so many updates, which was rolled back.</summary>
public sealed record DiscardedWork(int Stage, int Attempt, int AfterUpdates)
{
    public static IReadOnlyList<DiscardedWork> Of(ArmResult arm) =>
        [.. arm.Stages.Where(stage => stage.Progress.RollBackTo is not null)
            .Select(stage => new DiscardedWork(stage.Stage.Stage, stage.Stage.Attempt, stage.Progress.RollBackTo!.Updates))];

    public bool Covers(Activities.ValidatedCheckpoint point) => point.Stage.Stage == Stage && point.Stage.Attempt == Attempt && point.Updates > AfterUpdates;
}

/// <summary>Where an arm's evaluation is stored.</summary>
public sealed record ArmEvaluationResult(
    string Arm, int Seed, StateRef Checkpoint, double? ValidationAccuracy, IReadOnlyList<BenchmarkItems> Benchmarks)
{
    /// <summary>The probes of the chosen checkpoint; null where the plan has none, and for an arm without stages, which is the base itself.</summary>
    public ProbeItems? Probe { get; init; }
}

/// <summary>The work items of one benchmark, in the order of its problems.</summary>
public sealed record BenchmarkItems(string Benchmark, IReadOnlyList<string> Items);
