using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Purging;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs/{id}/purge</c>: has everything of a run that has ended deleted; its status says how far that is, until there is none.</summary>
public sealed class PurgeRun(RunReader reader, RunChildren children, RunData data)
{
    [Function(nameof(PurgeRun))]
    [Operation("Delete everything of a run that has ended, or cannot be read, in the background; its status says how far that is")]
    [Answers(202, typeof(RunStatus), "It is being deleted.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.RunGoesOn, ProblemCode.Needed)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/purge")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return Refusal.UnknownRun(id);
        if (!status.HasEnded && status.State is not (RunState.Purging or RunState.Unreadable))
            return Refusal.Of(409, ProblemCode.RunGoesOn, "The run goes on.", $"Expected a run that has ended; {id} is {ApiJson.Code(status.State)}. Cancel it first.");
        if (await children.NeedingAsync(client, id, cancellationToken) is { } child)
            return Refusal.Of(409, ProblemCode.Needed, "Another run needs this one.",
                $"Expected a run that no other still has to copy from; {child} goes on from {id} and has not begun. Let it begin, or cancel it, first.");
        var purge = await data.BeginAsync(id, cancellationToken);
        await StartAsync(client, id, cancellationToken);
        return new JsonReply<RunStatus>(202, status with { State = RunState.Purging, Phase = purge.Progress }, ApiJson.Default.RunStatus);
    }

    private static async Task StartAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        var instance = PurgeOrchestrator.InstanceOf(run);
        // One that ended before its time is begun again; one that goes on is let be.
        if (await client.GetInstanceAsync(instance, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false })
            return;
        await client.ScheduleNewOrchestrationInstanceAsync(
            nameof(PurgeOrchestrator), run, new StartOrchestrationOptions { InstanceId = instance }, cancellationToken);
    }
}
