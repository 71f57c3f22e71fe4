using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Orchestrations.Webhooks;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>A curriculum run: prepare, train every arm under every seed, evaluate, conclude.</summary>
public static class RunOrchestrator
{
    [Function(nameof(RunOrchestrator))]
    public static async Task<RunSummary?> Run([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        RunSummary summary;
        try
        {
            var turn = await RunTurn.WaitAsync(context);
            if (turn is null)
            {
                context.ContinueAsNew();
                return null;
            }

            summary = turn.IsCanceled
                ? new(context.InstanceId, RunState.Canceled, "Canceled before it began.", [])
                : await ConductAsync(context);
        }
        catch (TaskFailedException failure)
        {
            // The run's own words are its output: not every backend keeps the details of an orchestration that failed.
            var cause = Failures.Root(failure.FailureDetails);
            summary = new(context.InstanceId, RunState.Failed, $"Failed. {cause}", [new(FailureKind.Run, cause)]);
        }

        await AnnounceAsync(context, summary);
        return summary;
    }

    private static async Task<RunSummary> ConductAsync(TaskOrchestrationContext context)
    {
        var run = context.InstanceId;
        var startedAt = new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero);
        context.SetCustomStatus("preparing");
        var prepared = await context.CallActivityAsync<PreparedRun>(
            nameof(PrepareRun), new PrepareRunInput(run, context.InstanceId), Retries.Storage);
        var start = prepared.Base ?? await MakeBase(context, prepared);

        context.SetCustomStatus("auditing the base");
        var audited = await context.CallSubOrchestratorAsync<AuditedBase>(
            nameof(AuditOrchestrator), new AuditInput(run, start), new SubOrchestrationOptions(instanceId: $"{run}:{AuditInput.Arm}"));

        if (prepared.NeedsVotes)
            await Vote(context, start);

        context.SetCustomStatus("training");
        var arms = await TrainArms(context, prepared, start);

        context.SetCustomStatus("evaluating");
        var evaluations = await EvaluateArms(context, prepared, start, arms);

        context.SetCustomStatus("concluding");
        var summary = await context.CallActivityAsync<RunSummary>(
            nameof(Conclude), new ConcludeInput(run, startedAt, arms, evaluations, audited), Retries.Storage);
        context.SetCustomStatus(ApiJson.Code(summary.State));
        return summary;
    }

    private static async Task AnnounceAsync(TaskOrchestrationContext context, RunSummary summary)
    {
        try
        {
            await context.CallActivityAsync(nameof(AnnounceRun), summary, Retries.Storage);
        }
        catch (TaskFailedException)
        {
            // That nobody could be told does not change what the run came to.
        }
    }

    private static async Task<StateRef> MakeBase(TaskOrchestrationContext context, PreparedRun prepared)
    {
        context.SetCustomStatus($"{prepared.BaseStage.Arm} the base");
        await WorkWait.AllAsync(context, prepared.Waiting);
        return await context.CallActivityAsync<StateRef>(nameof(FinishBase), prepared.BaseStage.Run, Retries.Storage);
    }

    private static async Task Vote(TaskOrchestrationContext context, StateRef start)
    {
        context.SetCustomStatus("voting on labels");
        var run = context.InstanceId;
        var planned = await context.CallActivityAsync<PlannedVotes>(nameof(PlanVotes), new PlanVotesInput(run, start), Retries.Storage);
        await WorkWait.AllAsync(context, planned.Waiting);
        await context.CallActivityAsync<int>(nameof(FreezeVotes), new FreezeVotesInput(run, planned.Items), Retries.Storage);
    }

    private static async Task<IReadOnlyList<ArmResult>> TrainArms(TaskOrchestrationContext context, PreparedRun prepared, StateRef start)
    {
        var run = context.InstanceId;
        // Seed by seed, so that the first seed of every arm is there early.
        var inputs =
            from seed in prepared.Seeds
            from arm in prepared.Arms
            where arm.Stages.Count > 0
            select new ArmInput(run, arm, seed, start, prepared.Budget.Of(arm), prepared.Limits, prepared.ResumeOf(arm.Name, seed));
        return await Parallel.ForEachAsync(
            inputs,
            prepared.Limits.ParallelArms,
            input => context.CallSubOrchestratorAsync<ArmResult>(
                nameof(ArmOrchestrator),
                input,
                new SubOrchestrationOptions(instanceId: FormattableString.Invariant($"{run}:{input.Arm.Name}:{input.Seed}"))));
    }

    /// <summary>The state that RLVR started from, where another stage came before it.</summary>
    private static StateRef? EnabledBy(IReadOnlyList<FinishedStage> stages)
    {
        for (var i = 1; i < stages.Count; i++)
        {
            if (stages[i].Method == Method.Rlvr && stages[i - 1].Stage.Stage < stages[i].Stage.Stage)
                return stages[i - 1].Progress.EndState;
        }

        return null;
    }

    private static async Task<IReadOnlyList<ArmEvaluationResult>> EvaluateArms(
        TaskOrchestrationContext context, PreparedRun prepared, StateRef start, IReadOnlyList<ArmResult> arms)
    {
        var run = context.InstanceId;
        var untrained =
            from arm in prepared.Arms
            where arm.Stages.Count == 0
            select new EvaluateArmInput(run, arm.Name, Seed: 0, start, [], []);
        var trained =
            from arm in arms
            select new EvaluateArmInput(
                run, arm.Arm, arm.Seed, arm.Stages[^1].Progress.EndState, [.. arm.Stages.Select(stage => stage.Stage)], DiscardedWork.Of(arm))
            {
                Enabled = EnabledBy(arm.Stages),
            };
        return await Parallel.ForEachAsync(
            untrained.Concat(trained),
            prepared.Limits.ParallelArms,
            input => context.CallSubOrchestratorAsync<ArmEvaluationResult>(
                nameof(EvaluateOrchestrator),
                input,
                new SubOrchestrationOptions(instanceId: FormattableString.Invariant($"{run}:{input.Arm}:{input.Seed}:evaluate"))));
    }
}

/// <summary>What the run's orchestration returns.</summary>
/// <param name="State">Completed, canceled or failed.</param>
public sealed record RunSummary(string Run, RunState State, string Headline, IReadOnlyList<RunFailure> Failures);
