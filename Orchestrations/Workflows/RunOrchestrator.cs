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
        try
        {
            if (!await RunTurn.HasComeAsync(context))
            {
                context.ContinueAsNew();
                return null;
            }

            var summary = await ConductAsync(context);
            await AnnounceAsync(context, summary);
            return summary;
        }
        catch (Exception failure) when (failure is TaskFailedException or InvalidOperationException)
        {
            var cause = failure is TaskFailedException task ? Failures.Root(task.FailureDetails) : failure.Message;
            await AnnounceAsync(context, new(context.InstanceId, "failed", $"Failed. {cause}", [cause]));
            throw;
        }
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
            nameof(AuditOrchestrator), new AuditInput(run, start, prepared.Limits), new SubOrchestrationOptions(instanceId: $"{run}:{AuditInput.Arm}"));

        if (prepared.NeedsVotes)
            await Vote(context, prepared, start);

        context.SetCustomStatus("training");
        var arms = await TrainArms(context, prepared, start);

        context.SetCustomStatus("evaluating");
        var evaluations = await EvaluateArms(context, prepared, start, arms);

        context.SetCustomStatus("concluding");
        var summary = await context.CallActivityAsync<RunSummary>(
            nameof(Conclude), new ConcludeInput(run, startedAt, arms, evaluations, audited), Retries.Storage);
        context.SetCustomStatus(summary.State);
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
        var stuck = await WorkWait.AllAsync(context, prepared.BaseStage, prepared.Waiting, prepared.Limits);
        return stuck is null
            ? await context.CallActivityAsync<StateRef>(nameof(FinishBase), prepared.BaseStage.Run, Retries.Storage)
            : throw new InvalidOperationException($"There is no base to begin with: {stuck}");
    }

    private static async Task Vote(TaskOrchestrationContext context, PreparedRun prepared, StateRef start)
    {
        context.SetCustomStatus("voting on labels");
        var run = context.InstanceId;
        var planned = await context.CallActivityAsync<PlannedVotes>(nameof(PlanVotes), new PlanVotesInput(run, start), Retries.Storage);
        if (await WorkWait.AllAsync(context, BaseVotes.Stage(run), planned.Waiting, prepared.Limits) is { } stuck)
            throw new InvalidOperationException($"The base did not vote on labels: {stuck}");
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
            select new EvaluateArmInput(run, arm.Name, Seed: 0, start, [], [], prepared.Limits);
        var trained =
            from arm in arms
            select new EvaluateArmInput(
                run, arm.Arm, arm.Seed, arm.Stages[^1].Progress.EndState, [.. arm.Stages.Select(stage => stage.Stage)], DiscardedWork.Of(arm), prepared.Limits)
            {
                Enabled = EnabledBy(arm.Stages),
            };
        return await Parallel.ForEachAsync(
            untrained.Concat(trained),
            RunVersions.IsBeforeBounds(context) ? int.MaxValue : prepared.Limits.ParallelArms,
            input => context.CallSubOrchestratorAsync<ArmEvaluationResult>(
                nameof(EvaluateOrchestrator),
                input,
                new SubOrchestrationOptions(instanceId: FormattableString.Invariant($"{run}:{input.Arm}:{input.Seed}:evaluate"))));
    }
}

/// <summary>What the run's orchestration returns.</summary>
/// <param name="State"><c>completed</c>, <c>canceled</c> or <c>failed</c>.</param>
public sealed record RunSummary(string Run, string State, string Headline, IReadOnlyList<string> Failures);
