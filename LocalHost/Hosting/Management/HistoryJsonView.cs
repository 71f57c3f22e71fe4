using System.Globalization;
using System.Text.Json.Nodes;
using LocalHost.Durable.History;
using Microsoft.DurableTask;

namespace LocalHost.Hosting.Management;

/// <summary>An instance's history as <c>showHistory</c> gives it: what was done together with how it came out, in the official names.</summary>
internal static class HistoryJsonView
{
    /// <param name="history">The events of one generation.</param>
    /// <param name="withOutput">Whether inputs and results are shown as well.</param>
    public static JsonArray Of(IReadOnlyList<HistoryEvent> history, bool withOutput)
    {
        var scheduled = new Dictionary<int, (ActionEvent Action, DateTimeOffset At)>();
        var shown = new JsonArray();
        var at = default(DateTimeOffset);
        foreach (var item in history)
        {
            if (item is TurnStarted turn)
                at = turn.At;
            if (item is ActionEvent action)
                scheduled[action.Id] = (action, at);
            if (Of(item, scheduled) is not { } json)
                continue;
            json["Timestamp"] = Time(at);
            if (withOutput && item.Data?.Text is { } data)
                json[item is EventRaised or InstanceStarted ? "Input" : "Result"] = InstanceJson.Value(data);
            shown.Add(json);
        }

        return shown;
    }

    private static JsonObject? Of(HistoryEvent item, Dictionary<int, (ActionEvent Action, DateTimeOffset At)> scheduled) => item switch
    {
        InstanceStarted started => new() { ["EventType"] = "ExecutionStarted", ["FunctionName"] = started.Name },
        ActivityCompleted done => Done("TaskCompleted", scheduled[done.Id]),
        ActivityFailed done => Failed("TaskFailed", scheduled[done.Id], done.Failure),
        ChildCompleted done => Done("SubOrchestrationInstanceCompleted", scheduled[done.Id]),
        ChildFailed done => Failed("SubOrchestrationInstanceFailed", scheduled[done.Id], done.Failure),
        TimerFired done => new() { ["EventType"] = "TimerFired", ["FireAt"] = Time(((TimerCreated)scheduled[done.Id].Action).FireAt) },
        EventRaised raised => new() { ["EventType"] = "EventRaised", ["Name"] = raised.Name },
        EventSent sent => new() { ["EventType"] = "EventSent", ["InstanceId"] = sent.InstanceId, ["Name"] = sent.Name },
        InstanceSuspended suspended => new() { ["EventType"] = "ExecutionSuspended", ["Reason"] = suspended.Reason },
        InstanceResumed resumed => new() { ["EventType"] = "ExecutionResumed", ["Reason"] = resumed.Reason },
        InstanceTerminated => new() { ["EventType"] = "ExecutionTerminated" },
        InstanceEnded ended => new() { ["EventType"] = "ExecutionCompleted", ["OrchestrationStatus"] = ended.Status.ToString() },
        _ => null,
    };

    private static JsonObject Done(string type, (ActionEvent Action, DateTimeOffset At) scheduled) => new()
    {
        ["EventType"] = type,
        ["FunctionName"] = scheduled.Action switch
        {
            ActivityScheduled activity => activity.Name,
            ChildCreated child => child.Name,
            _ => null,
        },
        ["ScheduledTime"] = Time(scheduled.At),
    };

    private static JsonObject Failed(string type, (ActionEvent Action, DateTimeOffset At) scheduled, TaskFailureDetails failure)
    {
        var json = Done(type, scheduled);
        json["Reason"] = failure.ErrorMessage;
        json["Details"] = failure.ToString();
        return json;
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("O", CultureInfo.InvariantCulture);
}
