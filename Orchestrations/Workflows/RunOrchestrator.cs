using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
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
            var turn = await QueueWait.WaitAsync(context);
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
            summary = await context.CallActivityAsync<bool>(nameof(IsCanceled), RunId.Parse(context.InstanceId), Retries.Storage)
                ? new(context.InstanceId, RunState.Canceled, "Canceled before any arm was trained.", [])
                : new(context.InstanceId, RunState.Failed, $"Failed. {cause}", [new(FailureKind.Run, cause)]);
        }

        await AnnounceAsync(context, summary);
        return summary;
    }

    private static async Task<RunSummary> ConductAsync(TaskOrchestrationContext context)
    {
        var run = RunId.Parse(context.InstanceId);
        context.SetCustomStatus("preparing");
        var prepared = await context.CallActivityAsync<PreparedRun>(nameof(PrepareRun), run, Retries.Storage);

        context.SetCustomStatus(prepared.IsImported ? "importing the base" : "pretraining the base");
        await WorkOrchestrator.CallAsync(context, WorkOwner.OfRun(run, WorkScope.Base));

        context.SetCustomStatus("auditing the base");
        await WorkOrchestrator.CallAsync(context, WorkOwner.OfRun(run, WorkScope.Audit));

        if (prepared.NeedsVotes)
        {
            context.SetCustomStatus("voting on labels");
            await WorkOrchestrator.CallAsync(context, WorkOwner.OfRun(run, WorkScope.Votes));
        }

        context.SetCustomStatus("training");
        await Parallel.ForEachAsync(
            prepared.Trained, prepared.ParallelArms,
            arm => context.CallSubOrchestratorAsync(nameof(ArmOrchestrator), arm, new SubOrchestrationOptions(instanceId: arm.Instance)));

        context.SetCustomStatus("evaluating");
        await Parallel.ForEachAsync(prepared.Evaluated, prepared.ParallelArms, owner => WorkOrchestrator.CallAsync(context, owner));

        context.SetCustomStatus("concluding");
        var summary = await context.CallActivityAsync<RunSummary>(nameof(Conclude), run, Retries.Storage);
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
}

/// <summary>What the run's orchestration returns.</summary>
/// <param name="State">Completed, canceled or failed.</param>
public sealed record RunSummary(string Run, RunState State, string Headline, IReadOnlyList<RunFailure> Failures)
{
    /// <summary>The verdict in a word; null where nothing was compared.</summary>
    public Decision? Decision { get; init; }
}
