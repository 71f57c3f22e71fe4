using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>One arm under one seed: its stages in order, each followed by its gate, all out of one budget.</summary>
public static class ArmOrchestrator
{
    [Function(nameof(ArmOrchestrator))]
    public static async Task<ArmResult> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<ArmInput>()!;
        var (state, left, allowed) = (input.Base, input.Budget.Amount, 0L);
        var stages = new List<FinishedStage>();
        StageProgress? again = null;
        for (var (index, attempt, repeats, rollBacks) = (0, 0, 0, 0); index < input.Arm.Stages.Count; attempt++)
        {
            var plan = input.Arm.Stages[index];
            var key = new StageKey(input.Run, input.Arm.Name, input.Seed, index, attempt);
            // A rolled-back stage goes on with what is left of its own share; a repeated one begins a new share of what is left of the arm's.
            allowed = again is null ? Math.Min(left, (long)Math.Round(input.Budget.Amount * plan.Share)) : allowed;
            var start = input.Resume?.StartOf(index, attempt) ?? again ?? new StageProgress { State = state, Start = state };
            var progress = input.Resume?.EndOf(index, attempt)
                ?? await RunStage(context, new StageInput(key, plan, input.Budget, allowed, input.Limits, start));
            left -= progress.Spent(input.Budget.Unit);
            state = progress.EndState;

            again = RollBacks.Next(key, progress, plan, rollBacks, allowed, input.Budget.Unit);
            var result = progress.ToResult(plan.Method);
            var reason = result.Reason + RollBacks.Followed(progress, again, rollBacks, plan.Guards);
            if (again is not null)
            {
                stages.Add(new(key, plan.Method, progress, result.Outcome, reason, null));
                rollBacks++;
                continue;
            }

            var gate = StageGate.Decide(result, plan.Gate, repeats);
            var stoppedByGate = gate.Action == GateAction.Stop && result.Outcome == StageOutcome.Completed;
            stages.Add(new(
                key,
                plan.Method,
                progress,
                stoppedByGate ? StageOutcome.StoppedByGate : result.Outcome,
                stoppedByGate ? gate.Reason : reason,
                gate));
            if (gate.Action == GateAction.Stop)
                break;
            if (gate.Action == GateAction.Repeat)
                repeats++;
            else
                (index, attempt, repeats, rollBacks) = (index + 1, -1, 0, 0);
        }

        return new(input.Arm.Name, input.Seed, stages);
    }

    /// <summary>A stage that throws is a stage that failed: the arm says why and the run goes on.</summary>
    private static async Task<StageProgress> RunStage(TaskOrchestrationContext context, StageInput input)
    {
        StageProgress ended;
        try
        {
            ended = await context.CallSubOrchestratorAsync<StageProgress>(
                nameof(StageOrchestrator), input, new SubOrchestrationOptions(instanceId: input.Stage.Instance));
        }
        catch (TaskFailedException failure)
        {
            ended = input.Progress.End(StageOutcome.Failed, Failures.Root(failure.FailureDetails));
        }

        await context.CallActivityAsync<bool>(nameof(RecordStage), new RecordStageInput(input.Stage, ended), Retries.Storage);
        return ended;
    }
}

/// <summary>Input of <see cref="ArmOrchestrator"/>.</summary>
public sealed record ArmInput(string Run, ArmPlan Arm, int Seed, StateRef Base, BudgetPlan Budget, LimitsPlan Limits, ArmResume? Resume = null);

/// <summary>How an arm went under one seed.</summary>
public sealed record ArmResult(string Arm, int Seed, IReadOnlyList<FinishedStage> Stages);

/// <summary>One attempt at a stage, with the outcome and the reason as its gate left them.</summary>
/// <param name="Gate">What the gate decided; null where the attempt was rolled back, which no gate is asked about.</param>
public sealed record FinishedStage(StageKey Stage, Method Method, StageProgress Progress, StageOutcome Outcome, string Reason, GateDecision? Gate);
