using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>One arm under one seed: its stages in order, each followed by its gate, all out of one budget.</summary>
public static class ArmOrchestrator
{
    [Function(nameof(ArmOrchestrator))]
    public static async Task<ArmResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<ArmInput>()!;
        var state = input.Base;
        var left = input.Budget.Amount;
        var stages = new List<FinishedStage>();
        for (var (index, attempt) = (0, 0); index < input.Arm.Stages.Count;)
        {
            var plan = input.Arm.Stages[index];
            var key = new StageKey(input.Run, input.Arm.Name, input.Seed, index, attempt);
            var allowed = Math.Min(left, (long)Math.Round(input.Budget.Amount * plan.Share));
            var progress = await RunStage(
                context, new StageInput(key, plan, input.Budget, allowed, input.Limits, new StageProgress { State = state }));
            left -= progress.Spent(input.Budget.Unit);
            state = progress.State;
            var result = progress.ToResult(plan.Method);
            var gate = StageGate.Decide(result, progress.ValidationAccuracy, plan.Gate, attempt);
            var stoppedByGate = gate.Action == GateAction.Stop && result.Outcome == StageOutcome.Completed;
            stages.Add(new(
                key,
                plan.Method,
                progress,
                stoppedByGate ? StageOutcome.StoppedByGate : result.Outcome,
                stoppedByGate ? gate.Reason : result.Reason));
            if (gate.Action == GateAction.Stop)
                break;
            (index, attempt) = gate.Action == GateAction.Repeat ? (index, attempt + 1) : (index + 1, 0);
        }

        return new(input.Arm.Name, input.Seed, stages);
    }

    /// <summary>A stage that throws is a stage that failed: the arm says why and the run goes on.</summary>
    private static async Task<StageProgress> RunStage(TaskOrchestrationContext context, StageInput input)
    {
        try
        {
            return await context.CallSubOrchestratorAsync<StageProgress>(
                nameof(StageOrchestrator), input, new SubOrchestrationOptions(instanceId: input.Stage.Instance));
        }
        catch (TaskFailedException failure)
        {
            return input.Progress.End(StageOutcome.Failed, Failures.Root(failure.FailureDetails));
        }
    }
}

/// <summary>Input of <see cref="ArmOrchestrator"/>.</summary>
public sealed record ArmInput(string Run, ArmPlan Arm, int Seed, StateRef Base, BudgetPlan Budget, LimitsPlan Limits);

/// <summary>How an arm went under one seed.</summary>
public sealed record ArmResult(string Arm, int Seed, IReadOnlyList<FinishedStage> Stages);

/// <summary>One attempt at a stage, with the outcome and the reason as its gate left them.</summary>
public sealed record FinishedStage(StageKey Stage, Method Method, StageProgress Progress, StageOutcome Outcome, string Reason);
