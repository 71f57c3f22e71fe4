using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>A bounded number of iterations of one stage: sample, admit, update, keep.</summary>
public static class IterationBatchOrchestrator
{
    [Function(nameof(IterationBatchOrchestrator))]
    public static async Task<StageProgress> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var input = context.GetInput<IterationBatchInput>()!;
        var (stage, limits) = (input.Stage, input.Limits);
        var progress = await Begin(context, input);
        for (var n = 0; n < limits.IterationsPerBatch; n++)
        {
            progress = StageEnd.Judge(progress, input.Budget, input.Allowed, limits, RunWish.Run);
            if (progress.Outcome is not null)
                break;
            if (Pilots.Due(input.Plan.Profile, progress))
            {
                // Its tokens may be the last that the stage had: judged again before an iteration begins.
                progress = await Pilot(context, input, progress);
                progress = StageEnd.Judge(progress, input.Budget, input.Allowed, limits, RunWish.Run);
                if (progress.Outcome is not null)
                    break;
            }

            var planned = await context.CallActivityAsync<PlannedIteration>(
                nameof(PlanIteration), new PlanIterationInput(stage, context.InstanceId, progress, input.Allowed), Retries.Storage);
            if (planned.Wish == RunWish.Pause)
            {
                await context.WaitForExternalEvent<string>(WorkWait.Resumed);
                continue;
            }

            progress = StageEnd.Judge(progress, input.Budget, input.Allowed, limits, planned.Wish);
            if (progress.Outcome is not null)
                break;
            if (planned.Cap is { } cap)
            {
                progress = progress.End(StageOutcome.StoppedByCap, cap);
                break;
            }

            progress = await Iterate(context, input, progress, planned);
        }

        // The last iteration's end is judged here, not one batch later.
        progress = StageEnd.Judge(progress, input.Budget, input.Allowed, limits, RunWish.Run);
        return progress.Outcome is null ? progress : await Finish(context, input, progress);
    }

    /// <summary>Before the first iteration the state that the stage begins with is validated: what the guards hold later ones against.</summary>
    private static async Task<StageProgress> Begin(TaskOrchestrationContext context, IterationBatchInput input)
    {
        var progress = input.Progress;
        if (progress is { Started: true } or { Outcome: not null })
            return progress;
        var begun = await context.CallActivityAsync<CompletedIteration>(
            nameof(BeginStage), new BeginStageInput(input.Stage, context.InstanceId, progress), Retries.Storage);
        return begun.Validation is null
            ? begun.Progress
            : await Validate(context, input, begun.Progress, begun.Validation, begun.Waiting);
    }

    private static async Task<StageProgress> Pilot(TaskOrchestrationContext context, IterationBatchInput input, StageProgress progress)
    {
        var planned = await context.CallActivityAsync<PlannedPilot>(
            nameof(PlanPilot), new PlanPilotInput(input.Stage, context.InstanceId, progress), Retries.Storage);
        await WorkWait.AllAsync(context, planned.Waiting);
        return await context.CallActivityAsync<StageProgress>(
            nameof(RecordPilot), new RecordPilotInput(input.Stage, progress, planned.Items), Retries.Storage);
    }

    private static async Task<StageProgress> Iterate(
        TaskOrchestrationContext context, IterationBatchInput input, StageProgress progress, PlannedIteration planned)
    {
        var stage = input.Stage;
        var waiting = planned.Waiting;
        var rounds = 0;
        AdmittedGroups? admitted = null;
        if (planned.Rollouts.Count > 0)
        {
            var rollouts = new List<string>(planned.Rollouts);
            var checks = new List<string>();
            do
            {
                await WorkWait.AllAsync(context, waiting);
                admitted = await context.CallActivityAsync<AdmittedGroups>(
                    nameof(AdmitGroups),
                    new AdmitGroupsInput(stage, context.InstanceId, progress, input.Allowed, rounds, rollouts, checks),
                    Retries.Storage);
                if (admitted.Failure is { } failure)
                    return progress.End(failure.Outcome, failure.Reason);
                rollouts.AddRange(admitted.Rollouts);
                checks.AddRange(admitted.Checks);
                waiting = admitted.Waiting;
                rounds += admitted.Rollouts.Count > 0 ? 1 : 0;
            }
            while (admitted.Update is null && !admitted.Starved);

            progress = progress with
            {
                ForwardTokens = progress.ForwardTokens + admitted.ForwardTokens,
                Seconds = progress.Seconds + admitted.Seconds,
                GroupsSampled = progress.GroupsSampled + admitted.GroupsSampled,
                GroupsAdmitted = progress.GroupsAdmitted + admitted.GroupsAdmitted,
                GroupsQuarantined = progress.GroupsQuarantined + (admitted.Yield?.Quarantined ?? 0),
            };
            if (admitted.Starved)
                return StageEnd.Starve(progress, (SampledStagePlan)input.Plan);
        }

        await WorkWait.AllAsync(context, waiting);
        var completed = await context.CallActivityAsync<CompletedIteration>(
            nameof(CompleteIteration),
            new CompleteIterationInput(stage, context.InstanceId, progress, admitted?.Update ?? planned.Update!, admitted),
            Retries.Storage);
        return completed.Validation is null
            ? completed.Progress
            : await Validate(context, input, completed.Progress, completed.Validation, completed.Waiting);
    }

    private static async Task<StageProgress> Finish(TaskOrchestrationContext context, IterationBatchInput input, StageProgress progress)
    {
        var finished = await context.CallActivityAsync<CompletedIteration>(
            nameof(FinishStage), new FinishStageInput(input.Stage, context.InstanceId, progress), Retries.Storage);
        return finished.Validation is null
            ? finished.Progress
            : await Validate(context, input, finished.Progress, finished.Validation, finished.Waiting);
    }

    private static async Task<StageProgress> Validate(
        TaskOrchestrationContext context, IterationBatchInput input, StageProgress progress, string item, IReadOnlyList<string> waiting)
    {
        await WorkWait.AllAsync(context, waiting);
        return await context.CallActivityAsync<StageProgress>(
            nameof(RecordValidation), new RecordValidationInput(input.Stage, progress, item), Retries.Storage);
    }
}

/// <summary>Input of <see cref="IterationBatchOrchestrator"/>.</summary>
/// <param name="Allowed">What the stage may spend, in the budget's unit.</param>
public sealed record IterationBatchInput(
    StageKey Stage, StagePlan Plan, BudgetPlan Budget, long Allowed, LimitsPlan Limits, StageProgress Progress);
