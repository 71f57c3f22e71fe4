using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs/{id}/pause</c> and <c>/resume</c>: workers let go of a paused run's items at their next progress mark.</summary>
public sealed class PauseRun(RunReader reader, ControlBlob control)
{
    [Function(nameof(PauseRun))]
    [Operation("Pause a run; its workers let go of its items at their next progress mark")]
    [Answers(202, typeof(RunStatus), "The run is paused.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.RunHasEnded, ProblemCode.BeingCanceled, ProblemCode.Unreadable)]
    public Task<IActionResult> Pause(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/pause")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) =>
        SetDesiredStateAsync(client, id, DesiredState.Pause, "Paused by a request.", cancellationToken);

    [Function("ResumeRun")]
    [Operation("Let a paused run go on")]
    [Answers(202, typeof(RunStatus), "The run goes on.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.RunHasEnded, ProblemCode.BeingCanceled, ProblemCode.Unreadable)]
    public Task<IActionResult> Resume(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs/{id}/resume")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken) =>
        SetDesiredStateAsync(client, id, DesiredState.Run, "Resumed by a request.", cancellationToken);

    private async Task<IActionResult> SetDesiredStateAsync(
        DurableTaskClient client, string id, DesiredState desired, string reason, CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return Refusal.UnknownRun(id);
        if (status.State == RunState.Unreadable)
            return Refusal.Unreadable(status);
        if (status.HasEnded || status.State == RunState.Purging)
            return Refusal.Of(409, ProblemCode.RunHasEnded, "The run has ended.", $"Expected a run that is pending, running or paused; {id} is {ApiJson.Code(status.State)}.");
        if (await control.SetDesiredStateAsync(id, desired, reason, cancellationToken) == DesiredState.Cancel)
            return Refusal.Of(409, ProblemCode.BeingCanceled, "The run is being canceled.", $"Expected a run that nobody canceled; {id} is stopping. A cancellation is not taken back.");
        return new JsonReply<RunStatus>(
            202, status with { State = desired == DesiredState.Pause ? RunState.Paused : RunState.Running }, ApiJson.Default.RunStatus);
    }
}
