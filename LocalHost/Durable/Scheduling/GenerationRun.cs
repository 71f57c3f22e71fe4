using LocalHost.Durable.History;
using LocalHost.Durable.Replay;
using Microsoft.DurableTask;

namespace LocalHost.Durable.Scheduling;

/// <summary>The code of an instance's present generation, and which events it has had.</summary>
internal sealed class GenerationRun
{
    private readonly HashSet<string> _sends = [];
    private readonly string _execution;
    private string? _status;
    private bool _isNew;

    /// <summary>A generation that begins.</summary>
    public GenerationRun(HubSession session, Instance instance, InstanceStarted started)
    {
        (_execution, _isNew) = (started.Execution, true);
        Orchestration = session.CreateRun(instance, started);
    }

    /// <summary>A generation as its history has it; where its code does something else, it is at its end.</summary>
    public GenerationRun(HubSession session, Instance instance, IReadOnlyList<HistoryEvent> history)
    {
        var started = history.OfType<InstanceStarted>().First();
        (_execution, _status) = (started.Execution, history.OfType<StatusSet>().LastOrDefault()?.Data?.Text);
        foreach (var raised in history.OfType<EventRaised>())
            IsFirst(raised);
        Orchestration = session.CreateRun(instance, started);
        try
        {
            if (Orchestration is { End: null, IsLeft: false })
                Replayer.Replay(Orchestration, started.Name, history);
        }
        catch (NonDeterminismException exception)
        {
            Orchestration = session.CreateRun(instance, started);
            Orchestration.EndBadly(new(NonDeterminismException.ErrorType, exception.Message, null, null, null));
        }
    }

    public OrchestrationRun Orchestration { get; }

    public bool HasEnded => Orchestration.End is not null;

    /// <summary>What to tell an instance whose version the host before did run and this one does not, or the other way round.</summary>
    public Gate? Gate(IReadOnlyList<HistoryEvent> history) =>
        (history.LastOrDefault(item => item is InstanceHeld or InstanceReleased) is InstanceHeld, Orchestration.IsLeft) switch
        {
            (false, true) => new InstanceHeld(),
            (true, false) => new InstanceReleased(),
            _ => null,
        };

    /// <summary>Runs the code on a batch; gives what it took, what came after its end, and the events of the turn.</summary>
    public (List<Incoming> Taken, List<Incoming> Late, List<HistoryEvent> Events) Take(
        List<Incoming> batch, DateTimeOffset now, bool hasRoom)
    {
        List<Incoming> taken = [], late = [];
        List<HistoryEvent> events = _isNew && Orchestration.IsLeft ? [new InstanceHeld()] : [];
        _isNew = false;
        Orchestration.BeginTurn(now, replaying: false);
        if (!hasRoom)
            Orchestration.EndBadly(HistoryIsFull());
        foreach (var incoming in batch)
        {
            if (HasEnded && incoming.Event is not InstanceStarted)
            {
                late.Add(incoming);
                continue;
            }

            taken.Add(incoming);
            if (incoming.Event is not { } item || !IsCurrent(incoming))
                continue;
            events.Add(item);
            Orchestration.Deliver(item);
        }

        events.AddRange(Orchestration.Actions.Take());
        if (Orchestration.Status is { } status && status.Data?.Text != _status)
        {
            _status = status.Data?.Text;
            events.Add(status);
        }

        if (Orchestration.End is { } end)
            events.AddRange([end, .. Orchestration.Carried]);
        return (taken, late, events);
    }

    private bool IsCurrent(Incoming incoming) =>
        (incoming.Execution is null || incoming.Execution == _execution)
        && incoming.Event switch
        {
            IActionResult result => Orchestration.Actions.IsOpen(result.Id),
            EventRaised raised => IsFirst(raised),
            _ => true,
        };

    private bool IsFirst(EventRaised raised) => raised.From is null || _sends.Add(raised.From);

    private static TaskFailureDetails HistoryIsFull() =>
        TaskFailureDetails.FromException(new InvalidOperationException(
            "The instance's history has as many appends as a blob takes: its orchestrator must continue as new earlier."));
}
