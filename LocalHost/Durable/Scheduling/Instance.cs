using LocalHost.Durable.History;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.Scheduling;

/// <summary>One orchestration instance in memory: takes its events turn by turn, each turn durable before it has effects.</summary>
internal sealed class Instance(HubSession session, string id, int generation)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource<InstanceState> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Task> _afterwards = [];
    private List<Incoming> _inbox = [];
    private bool _turning;
    private Exception? _dead;
    private HistoryBlob _log = new(session.Storage, id, generation);
    private GenerationRun? _run;
    private int? _obsolete;
    private DateTimeOffset _now;

    public string Id => id;

    public int Generation => _log.Generation;

    public InstanceState State { get; private set; } = new(id);

    public Effects Effects => field ??= new(session, this);

    /// <summary>Completes with the last state once that is durable.</summary>
    public Task<InstanceState> Ended => _ended.Task;

    /// <summary>Completes once the instance is no longer pending.</summary>
    public Task Begun => _begun.Task;

    /// <summary>Names the history that goes once this instance's own is there.</summary>
    public void Replaces(int older) => _obsolete = older;

    /// <summary>Takes the event that the instance starts with, before anyone can find it; <see cref="Go"/> begins.</summary>
    public void Begin(Incoming first)
    {
        _inbox.Add(first);
        _turning = true;
    }

    public void Go() => ThreadPool.UnsafeQueueUserWorkItem(_ => session.Track(TurnAsync()), null);

    /// <summary>Completes when nothing that follows from what has happened so far is still to be written.</summary>
    public Task SettledAsync()
    {
        lock (_lock)
            return Task.WhenAll(_afterwards);
    }

    public void Post(Incoming incoming)
    {
        lock (_lock)
        {
            if (_dead is not null)
            {
                incoming.Fail(_dead);
                return;
            }

            if (State.HasEnded && !_turning)
            {
                incoming.Settle(Delivery.Ended);
                return;
            }

            _inbox.Add(incoming);
            if (_turning)
                return;
            _turning = true;
        }

        Go();
    }

    /// <summary>Takes over an instance as its history has it; gives that history.</summary>
    public async Task<IReadOnlyList<HistoryEvent>> RestoreAsync()
    {
        var (events, cut) = await _log.ReadAsync();
        State = State.Apply(events);
        _now = State.LastUpdatedAt;
        if (events.Count == 0)
            return events;
        if (State.HasEnded)
        {
            _ended.TrySetResult(State);
            _begun.TrySetResult();
            return events;
        }

        // Until it is resumed it only collects what the others, resumed before it, have to say.
        _turning = true;
        await _log.AppendAsync(cut ? [new TurnCut(), new HostTookOver(session.Host)] : [new HostTookOver(session.Host)]);
        if (State.Status != OrchestrationRuntimeStatus.ContinuedAsNew)
            _run = new(session, this, events);
        if (State.HasBegun)
            _begun.TrySetResult();
        return events;
    }

    /// <summary>Takes an instance that a list of blobs told has ended.</summary>
    public void RestoreEnded(InstanceState state)
    {
        State = state;
        _begun.TrySetResult();
    }

    /// <summary>Goes on where the host before has stopped.</summary>
    public void Resume(IReadOnlyList<HistoryEvent> history)
    {
        Effects.Restore(history, _run?.Orchestration);
        if (State.HasEnded)
        {
            Afterwards(FinishAsync(State));
            return;
        }

        if (_run is null)
            ContinueAsNew(history, []);
        else
            Post(new(_run.Gate(history)));
        Go();
    }

#pragma warning disable CA1031 // Whatever goes wrong here is the host's end on this hub: it must not be lost with the thread.
    private async Task TurnAsync()
    {
        List<Incoming> batch = [];
        try
        {
            while (true)
            {
                lock (_lock)
                {
                    batch = _inbox;
                    _inbox = [];
                    if (batch.Count == 0 || State.HasEnded)
                    {
                        batch.ForEach(late => late.Settle(Delivery.Ended));
                        _turning = false;
                        return;
                    }
                }

                await TurnAsync(batch);
            }
        }
        catch (Exception exception)
        {
            session.Fault(exception);
            lock (_lock)
            {
                _dead = exception;
                batch.AddRange(_inbox);
            }

            batch.ForEach(incoming => incoming.Fail(exception));
        }
    }
#pragma warning restore CA1031

    private async Task TurnAsync(List<Incoming> batch)
    {
        var at = session.Now();
        _now = at > _now ? at : _now;
        _run ??= new(session, this, (InstanceStarted)batch[0].Event!);
        var (taken, late, events) = await session.RunAsync(() => _run.Take(batch, _now, _log.HasRoom));
        if (events.Count > 0)
        {
            List<HistoryEvent> turn = [new TurnStarted(_now, events.Count), .. events];
            await _log.AppendAsync(turn);
            State = State.Apply(turn);
        }

        taken.ForEach(incoming => incoming.Settle(Delivery.Accepted));
        if (State.HasBegun || State.HasEnded)
            _begun.TrySetResult();
        Effects.Apply(events, _run.Orchestration);
        if (_obsolete is { } obsolete)
            Afterwards(DropAsync(obsolete));
        _obsolete = null;

        if (State.Status == OrchestrationRuntimeStatus.ContinuedAsNew)
            ContinueAsNew(events, late);
        else if (State.HasEnded)
            End(late);
        else if (events.Count > 0 && session.ChecksReplay)
            await RebuildAsync();
    }

    private async Task RebuildAsync()
    {
        var log = new HistoryBlob(session.Storage, id, Generation);
        _run = new(session, this, (await log.ReadAsync()).Events);
        if (_run.HasEnded)
            Post(new(null));
    }

    private void ContinueAsNew(IReadOnlyList<HistoryEvent> history, IEnumerable<Incoming> late)
    {
        var end = history.Count - 1;
        while (history[end] is not InstanceEnded)
            end--;
        var ended = (InstanceEnded)history[end];
        var version = ended.NextVersion ?? State.Version;
        var started = new InstanceStarted(State.Name, HubSession.NewExecution(), version, State.Parent, null) { Data = ended.Data };
        _obsolete = Generation;
        _log = new(session.Storage, id, Generation + 1);
        _run = null;
        lock (_lock)
        {
            _inbox.InsertRange(
                0, [new(started), .. history.Skip(end + 1).Select(carried => new Incoming(carried)), .. late]);
        }
    }

    private void End(List<Incoming> late)
    {
        late.ForEach(incoming => incoming.Settle(Delivery.Ended));
        var last = State;
        // What a client may ask for later is read from the history.
        State = State with { Input = null, Output = null, CustomStatus = null };
        _run = null;
        Afterwards(FinishAsync(last));
    }

    private void Afterwards(Task work)
    {
        session.Track(work);
        lock (_lock)
        {
            _afterwards.RemoveAll(done => done.IsCompletedSuccessfully);
            _afterwards.Add(work);
        }
    }

    private async Task FinishAsync(InstanceState last)
    {
        session.NotifyParent(last);
        _ended.TrySetResult(last);
        await Effects.SentAsync();
        await _log.SetMetadataAsync(InstanceMetadata.Of(last));
    }

    private async Task DropAsync(int older)
    {
        await Effects.SentAsync();
        await session.Storage.DeleteAsync(id, older);
    }
}
