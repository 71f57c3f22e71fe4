using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Schedules;

/// <summary><c>/api/schedules</c>: plans that are run at given times, and what their runs came to night by night.</summary>
public sealed class ScheduleFunctions(DataStorage storage, ScheduleStore store, TimeProvider clock)
{
    private const int Shown = 60;

    [Function("PutSchedule")]
    [Operation("Create or replace a schedule; times before now are not made up for")]
    [Takes(typeof(ScheduleRequest))]
    [Answers(200, typeof(ScheduleStatus), "The schedule, with its next time.")]
    [Refuses(400, ProblemCode.InvalidDocument)]
    [Refuses(413, ProblemCode.TooLarge)]
    public async Task<IActionResult> Put(
        [HttpTrigger(AuthorizationLevel.Function, "put", Route = "schedules/{name}")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, ScheduleReader.MaxBytes, cancellationToken) is not { } body)
            return Refusal.TooLarge("schedule", ScheduleReader.MaxBytes);
        var now = clock.GetUtcNow();
        var (schedule, violations) = ScheduleReader.Read(name, body, now);
        if (schedule is null)
            return Refusal.Of(violations, "schedule");
        await storage.EnsureAsync(cancellationToken);
        await store.WriteAsync(schedule, cancellationToken);
        return new JsonReply<ScheduleStatus>(200, ScheduleStatus.Of(schedule, null, now), SchedulesJson.Default.ScheduleStatus);
    }

    [Function("ListSchedules")]
    [Operation("All schedules, with their next time and newest scheduled run")]
    [Answers(200, typeof(ScheduleList), "The schedules.")]
    public async Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules")] HttpRequest request, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var found = new List<ScheduleStatus>();
        foreach (var name in await store.NamesAsync(cancellationToken))
        {
            switch (await store.LookAsync(name, cancellationToken))
            {
                case Stored<Schedule>.Found { Value: var schedule }:
                    found.Add(ScheduleStatus.Of(schedule, await store.ScheduledRunsAsync(name, 1, cancellationToken) is [var newest, ..] ? newest.ScheduledRun : null, clock.GetUtcNow()));
                    break;
                case Stored<Schedule>.Unreadable unreadable:
                    found.Add(new() { Name = name, Fault = unreadable.Reason });
                    break;
            }
        }

        return new JsonReply<ScheduleList>(200, new(found), SchedulesJson.Default.ScheduleList);
    }

    [Function("GetSchedule")]
    [Operation("A schedule, its history of verdicts and the trend of each arm")]
    [Answers(200, typeof(ScheduleStatus), "The schedule.")]
    [Refuses(404, ProblemCode.UnknownSchedule)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "schedules/{name}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string name,
        CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        if (!ScheduleReader.IsName(name))
            return Unknown(name);
        var stored = await store.LookAsync(name, cancellationToken);
        if (stored is Stored<Schedule>.Unreadable unreadable)
            return Refusal.Unreadable("schedule", unreadable.Reason, $"Put {name} anew, or delete it.");
        if (stored is not Stored<Schedule>.Found { Value: var schedule })
            return Unknown(name);
        IReadOnlyList<ScheduledRun> history = [.. (await store.ScheduledRunsAsync(name, Shown, cancellationToken)).Select(stored => stored.ScheduledRun)];
        var regressed = history.FirstOrDefault(scheduled => scheduled.Regressions.Count > 0);
        var call = regressed is null ? null : await client.GetInstanceAsync(ScheduleRound.RegressionId(regressed.Run), getInputsAndOutputs: false, cancellationToken);
        var status = ScheduleStatus.Of(schedule, history.Count > 0 ? history[0] : null, clock.GetUtcNow()) with
        {
            History = history,
            Trend = ScheduleStatus.TrendOf(history),
            Webhook = regressed is null ? null : new(regressed.Run, StateOf(call)),
            Plan = schedule.Plan,
        };
        return new JsonReply<ScheduleStatus>(200, status, SchedulesJson.Default.ScheduleStatus);
    }

    [Function("DeleteSchedule")]
    [Operation("Remove a schedule; what it has run stays")]
    [Answers(204, null, "It is gone.")]
    [Refuses(404, ProblemCode.UnknownSchedule)]
    public async Task<IActionResult> Delete(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "schedules/{name}")] HttpRequest request, string name, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        return ScheduleReader.IsName(name) && await store.RemoveAsync(name, cancellationToken) ? new NoContentResult() : Unknown(name);
    }

    private static WebhookCallState StateOf(OrchestrationMetadata? call) => call?.RuntimeStatus switch
    {
        null => WebhookCallState.NotMade,
        OrchestrationRuntimeStatus.Completed => WebhookCallState.Delivered,
        OrchestrationRuntimeStatus.Failed or OrchestrationRuntimeStatus.Terminated => WebhookCallState.Failed,
        _ => WebhookCallState.Pending,
    };

    private static IActionResult Unknown(string name) =>
        Refusal.Of(404, ProblemCode.UnknownSchedule, "There is no such schedule.", $"Expected the name of a schedule, found '{name}'.");
}
