using LocalHost.Durable.History;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.Replay;

/// <summary>One generation of one instance while its code is in memory: takes inputs, gives actions.</summary>
internal sealed class OrchestrationRun
{
    private readonly List<HistoryEvent> _waiting = [];
    private readonly Func<TaskOrchestrationContext, Task<object?>> _orchestrator;
    private readonly InstanceStarted _started;
    private readonly RunSettings _settings;
    private readonly TurnScheduler _scheduler;
    private readonly OrchestrationContext _context;
    private Task<object?>? _body;
    private bool _suspended;
    private bool _held;
    private bool _wokenOutside;

    /// <param name="instanceId">Whose run it is.</param>
    /// <param name="started">What it was started with.</param>
    /// <param name="orchestrator">Its code.</param>
    /// <param name="settings">What all runs share.</param>
    /// <param name="wokenOutside">Called when the code goes on outside a turn, which is a mistake of the code.</param>
    public OrchestrationRun(
        string instanceId,
        InstanceStarted started,
        Func<TaskOrchestrationContext, Task<object?>> orchestrator,
        RunSettings settings,
        Action wokenOutside)
    {
        (_started, _orchestrator, _settings) = (started, orchestrator, settings);
        _scheduler = new(() =>
        {
            Volatile.Write(ref _wokenOutside, true);
            wokenOutside();
        });
        _context = new(this, started, instanceId, settings);
    }

    public OrchestrationActions Actions { get; } = new();

    public ExternalEvents Events { get; } = new();

    public DateTimeOffset Now { get; private set; }

    public bool IsReplaying { get; private set; }

    /// <summary>The custom status set in this turn, if any.</summary>
    public StatusSet? Status { get; set; }

    public NextGeneration? Next { get; set; }

    /// <summary>How the run ended, or null while it has not.</summary>
    public InstanceEnded? End { get; private set; }

    /// <summary>The external events that the next generation gets.</summary>
    public IEnumerable<EventRaised> Carried =>
        End?.Status == OrchestrationRuntimeStatus.ContinuedAsNew && Next is { KeepsEvents: true }
            ? Events.Unprocessed.Concat(_waiting.OfType<EventRaised>())
            : [];

    /// <summary>Whether the code is left alone: the instance's version is another host's to run.</summary>
    public bool IsLeft { get; init; }

    public void BeginTurn(DateTimeOffset now, bool replaying)
    {
        (Now, IsReplaying) = (now, replaying);
        Status = null;
        if (Volatile.Read(ref _wokenOutside))
            EndBadly(Outside());
    }

    /// <summary>Gives the code one input and lets it run as far as it goes.</summary>
    public void Deliver(HistoryEvent input)
    {
        if (End is not null || (IsLeft && input is not InstanceTerminated))
            return;
        if ((_suspended || _held) && input is not (InstanceTerminated or EventDelivered or Gate))
        {
            _waiting.Add(input);
            return;
        }

        switch (input)
        {
            case InstanceTerminated:
                End = new(OrchestrationRuntimeStatus.Terminated) { Data = input.Data };
                break;
            case InstanceSuspended or InstanceResumed:
                _suspended = input is InstanceSuspended;
                Release();
                break;
            case InstanceHeld or InstanceReleased:
                _held = input is InstanceHeld;
                Release();
                break;
            default:
                _scheduler.Run(() => Accept(input));
                Settle();
                break;
        }
    }

    /// <summary>Ends the run as failed, whatever its code does.</summary>
    public void EndBadly(TaskFailureDetails failure) => End ??= new(OrchestrationRuntimeStatus.Failed, FailureBounds.Bound(failure));

    public void EnsureInTurn()
    {
        if (!_scheduler.InTurn)
            throw new InvalidOperationException(Outside().ErrorMessage);
    }

    private void Release()
    {
        if (_suspended || _held)
            return;
        HistoryEvent[] waiting = [.. _waiting];
        _waiting.Clear();
        foreach (var late in waiting)
            Deliver(late);
    }

    private void Accept(HistoryEvent input)
    {
        switch (input)
        {
            case InstanceStarted { StartAt: null } or StartDue:
                _body = BeginAsync();
                break;
            case ActivityCompleted or ChildCompleted or TimerFired:
                Actions.Complete(((IActionResult)input).Id, input.Data);
                break;
            case ActivityFailed failed:
                Actions.Fail(failed.Id, failed.Failure);
                break;
            case ChildFailed failed:
                Actions.Fail(failed.Id, failed.Failure);
                break;
            case EventRaised raised:
                Events.Raise(raised);
                break;
        }
    }

    // An orchestrator that throws before its first await throws into its task all the same.
    private async Task<object?> BeginAsync() => await _orchestrator(_context);

    private void Settle()
    {
        if (_body is null || End is not null)
            return;
        if (!_body.IsCompleted)
        {
            if (!Actions.AnyOpen && !Events.IsAwaited)
                EndBadly(Outside());
            return;
        }

        if (_body.Exception?.InnerException is { } exception)
            EndBadly(TaskFailureDetails.FromException(exception));
        else if (_body.IsCanceled)
            EndBadly(TaskFailureDetails.FromException(new TaskCanceledException(_body)));
        else if (Next is { } next)
            End = new(OrchestrationRuntimeStatus.ContinuedAsNew, null, next.Version) { Data = next.Input };
        else
            Complete(_body.Result);
    }

#pragma warning disable CA1031 // Whatever a result's own converter throws is the orchestrator's failure, not the host's.
    private void Complete(object? result)
    {
        try
        {
            End = new(OrchestrationRuntimeStatus.Completed) { Data = Payload.Of(_settings.Converter.Serialize(result)) };
        }
        catch (Exception exception)
        {
            EndBadly(TaskFailureDetails.FromException(exception));
        }
    }
#pragma warning restore CA1031

    private TaskFailureDetails Outside() => TaskFailureDetails.FromException(new InvalidOperationException(
        $"The orchestrator '{_started.Name}' waits for something that its context did not give it: in an orchestrator await only "
        + "tasks of the TaskOrchestrationContext, without Task.Run, Task.Delay or ConfigureAwait(false)."));
}
