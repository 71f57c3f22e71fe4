using LocalHost.Durable.History;
using LocalHost.Durable.Replay;

namespace LocalHost.Durable.Scheduling;

/// <summary>Carries out what an instance's turns have decided, once that is durable.</summary>
internal sealed class Effects(HubSession session, Instance instance)
{
    private readonly Dictionary<int, IDisposable> _timers = [];
    private readonly List<Task> _sends = [];

    /// <summary>Completes when all events sent so far are durable where they were sent to.</summary>
    public Task SentAsync()
    {
        lock (_sends)
            return Task.WhenAll(_sends);
    }

    public void Apply(IReadOnlyList<HistoryEvent> events, OrchestrationRun run)
    {
        foreach (var item in events)
        {
            switch (item)
            {
                case InstanceStarted { StartAt: { } at }:
                    session.Timers.Add(at, () => instance.Post(new(new StartDue(), Execution)));
                    break;
                case InstanceTerminated { Recursive: true }:
                    foreach (var child in run.Actions.Open.OfType<ChildCreated>())
                        session.Find(child.InstanceId)?.Post(new(item));
                    break;
                case TimerCreated timer when !run.Actions.IsOpen(timer.Id):
                    break;
                case ChildCreated child:
                    session.StartChild(instance.State, child);
                    break;
                case ActionEvent action:
                    Start(action);
                    break;
            }
        }

        foreach (var (id, timer) in _timers)
        {
            if (run.End is null && run.Actions.IsOpen(id))
                continue;
            timer.Dispose();
            _timers.Remove(id);
        }
    }

    /// <summary>Does again what the host before may have left undone.</summary>
    public void Restore(IReadOnlyList<HistoryEvent> history, OrchestrationRun? run)
    {
        if (run is not null)
        {
            foreach (var action in run.Actions.Open)
                Start(action);
            if (!instance.State.HasBegun && history.OfType<InstanceStarted>().First().StartAt is { } at)
                session.Timers.Add(at, () => instance.Post(new(new StartDue(), Execution)));
        }

        var results = history.OfType<IActionResult>().Select(result => result.Id).ToHashSet();
        foreach (var child in history.OfType<ChildCreated>().Where(child => !results.Contains(child.Id)))
            session.Track(session.RestoreChildAsync(instance, child));
        var delivered = history.OfType<EventDelivered>().Select(done => done.Id).ToHashSet();
        foreach (var sent in history.OfType<EventSent>().Where(sent => !delivered.Contains(sent.Id)))
            Start(sent);
    }

    private string Execution => instance.State.Execution;

    private void Start(ActionEvent action)
    {
        var execution = Execution;
        switch (action)
        {
            case ActivityScheduled activity:
                session.Activities.Add(
                    new(activity.Name, instance.Id, activity.Id, activity.Data?.Text),
                    result => instance.Post(new(result, execution)));
                break;
            case TimerCreated timer:
                _timers[timer.Id] = session.Timers.Add(
                    timer.FireAt, () => instance.Post(new(new TimerFired(timer.Id), execution)));
                break;
            case EventSent sent:
                var sending = SendAsync(sent, execution);
                session.Track(sending);
                lock (_sends)
                {
                    _sends.RemoveAll(send => send.IsCompletedSuccessfully);
                    _sends.Add(sending);
                }

                break;
        }
    }

    private async Task SendAsync(EventSent sent, string execution)
    {
        await session.SendAsync(instance.Id, execution, sent);
        instance.Post(new(new EventDelivered(sent.Id), execution));
    }
}
