using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs/{id}/retry</c>: does again what failed, each arm from its last whole checkpoint, and takes the rest as it is.</summary>
/// <remarks>
/// Verdicts and results are never rewritten, so the retry is a run of its own, <c>{id}-retry</c>, with the same plan; asking twice gives the same one.
/// Arms that ended well are not trained again; every arm is evaluated in the new run.
/// </remarks>
public sealed class RetryRun(RunReader reader, RunStarter starter, FrozenRun frozen, RunReply reply)
{
    [Function(nameof(RetryRun))]
    [Operation("Do again what failed, each arm from its last whole checkpoint, as a run of its own")]
    [Answers(202, typeof(RunAccepted), "The new run, or the one that the same request started before.", HasLocation = true)]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.NothingFailed, ProblemCode.KeyIsTaken, ProblemCode.BeingPurged, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/retry")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return Refusal.UnknownRun(id);
        if (status.State == RunState.Unreadable)
            return Refusal.Unreadable(status);
        if (status.State is not (RunState.Failed or RunState.Canceled))
            return Refusal.Of(409, ProblemCode.NothingFailed, "Nothing of the run failed.", $"Expected a run that failed or was canceled; {id} is {ApiJson.Code(status.State)}.");
        var plan = await frozen.PlanAsync(id, cancellationToken);
        var started = await starter.StartAsync(client, RunId.OfKey($"{id}-retry"), plan, new(RunId.Parse(id), Retry: true), cancellationToken);
        return await reply.OfAsync(request, plan, started, cancellationToken);
    }
}
