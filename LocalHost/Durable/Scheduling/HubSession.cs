using System.Collections.Concurrent;
using LocalHost.Durable.History;
using LocalHost.Durable.Replay;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.Logging;

namespace LocalHost.Durable.Scheduling;

/// <summary>All that a host has in memory while a task hub is its own; thrown away whole when it is not.</summary>
internal sealed class HubSession : IAsyncDisposable
{
    private readonly DurableEngineOptions _options;
    private readonly IDurableFunctions _functions;
    private readonly RunSettings _settings;
    private readonly SemaphoreSlim _turns;
    private readonly CancellationTokenSource _lost = new();
    private readonly ConcurrentDictionary<Task, byte> _work = new();
    private readonly TaskCompletionSource _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<Exception> _fault = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public HubSession(DurableEngineOptions options, IDurableFunctions functions, HubLease lease)
    {
        (_options, _functions) = (options, functions);
        Host = lease.Id ?? "";
        Logger = options.LoggerFactory.CreateLogger("LocalHost.Durable");
        _settings = new(options.Converter, options.LoggerFactory, options.DefaultVersion);
        _turns = new(options.MaxConcurrentOrchestrators);
        var container = options.Blobs.GetBlobContainerClient(BlobNames.Container(options.HubName));
        Storage = new(container, options.Time, () => lease.IsHeld, _lost.Token);
        Timers = new(options.Time);
        Activities = new(functions, _settings.Converter, options.MaxConcurrentActivities, _lost.Token);
    }

    public string Host { get; }

    public ILogger Logger { get; }

    public HubStorage Storage { get; }

    public TimerQueue Timers { get; }

    public ActivityPool Activities { get; }

    public InstanceTable Instances { get; } = new();

    public bool ChecksReplay => _options.ChecksReplay;

    /// <summary>Completes when the session cannot go on.</summary>
    public Task<Exception> Faulted => _fault.Task;

    /// <summary>Completes when the session is over and its successor, if any, may be waited for.</summary>
    public Task Closed => _closed.Task;

    public DateTimeOffset Now() => _options.Time.GetUtcNow();

    public static string NewExecution() => Guid.NewGuid().ToString("N");

    public Instance? Find(string instanceId) => Instances.Find(instanceId);

    /// <summary>Runs an orchestrator's code, when fewer than the allowed number are at it.</summary>
    public async Task<T> RunAsync<T>(Func<T> turn)
    {
        await _turns.WaitAsync(Storage.Lost);
        try
        {
            return turn();
        }
        finally
        {
            _turns.Release();
        }
    }

    public OrchestrationRun CreateRun(Instance instance, InstanceStarted started)
    {
        var orchestrator = _functions.FindOrchestrator(started.Name);
        var refusal = VersionRule.Refusal(started.Version, _options);
        var run = new OrchestrationRun(
            instance.Id, started, orchestrator ?? Missing, _settings, () => instance.Post(new(null)))
        {
            IsLeft = refusal is not null && _options.VersionFailure == VersionFailure.Reject,
        };
        if (orchestrator is null)
            run.EndBadly(Missing(started.Name));
        else if (refusal is not null && !run.IsLeft)
            run.EndBadly(refusal);
        return run;
    }

    public Incoming Start(string instanceId, InstanceStarted started, IReadOnlyCollection<string> dedupe)
    {
        var incoming = new Incoming(started);
        Instances.Add(this, instanceId, incoming, dedupe);
        return incoming;
    }

    public void StartChild(InstanceState parent, ChildCreated child)
    {
        var link = new ParentLink(parent.InstanceId, parent.Name, parent.Execution, child.Id);
        try
        {
            Start(child.InstanceId, new(child.Name, NewExecution(), child.Version, link, null) { Data = child.Data }, []);
        }
        catch (InvalidOperationException exception)
        {
            Find(parent.InstanceId)?.Post(
                new(new ChildFailed(child.Id, TaskFailureDetails.FromException(exception)), parent.Execution));
        }
    }

    /// <summary>Sees to it that a child is there, or that its parent has what it came to.</summary>
    public async Task RestoreChildAsync(Instance parent, ChildCreated child)
    {
        var link = new ParentLink(parent.Id, parent.State.Name, parent.State.Execution, child.Id);
        if (Find(child.InstanceId) is not { } existing || existing.State.Parent != link)
            StartChild(parent.State, child);
        else if (existing.State.HasEnded && await ReadAsync(existing) is { } ended)
            NotifyParent(ended);
    }

    /// <summary>Returns once the event is durable where it was sent to; an event to nobody is dropped.</summary>
    public async Task SendAsync(string from, string execution, EventSent sent)
    {
        if (Find(sent.InstanceId) is not { } target)
            return;
        var incoming = new Incoming(new EventRaised(sent.Name, $"{from}/{execution}/{sent.Id}") { Data = sent.Data });
        target.Post(incoming);
        await incoming.Delivered;
    }

    public void NotifyParent(InstanceState child)
    {
        if (child.Parent is not { } parent)
            return;
        HistoryEvent result = child switch
        {
            { Failure: { } failure } => new ChildFailed(parent.TaskId, failure),
            { Status: OrchestrationRuntimeStatus.Terminated } =>
                new ChildFailed(parent.TaskId, new("Terminated", child.Output ?? "The orchestration was terminated.", null, null, null)),
            _ => new ChildCompleted(parent.TaskId) { Data = Payload.Of(child.Output) },
        };
        Find(parent.InstanceId)?.Post(new(result, parent.Execution));
    }

    /// <summary>The instance's state with its payloads, or null where it has been purged meanwhile.</summary>
    public async Task<InstanceState?> ReadAsync(Instance instance) =>
        !instance.State.HasEnded ? instance.State
        : await ReadHistoryAsync(instance) is { } events ? new InstanceState(instance.Id).Apply(events)
        : null;

    public async Task<IReadOnlyList<HistoryEvent>?> ReadHistoryAsync(Instance instance)
    {
        try
        {
            return (await new HistoryBlob(Storage, instance.Id, instance.Generation).ReadAsync()).Events;
        }
        catch (Azure.RequestFailedException exception) when (exception.Status == 404)
        {
            return null;
        }
    }

    /// <summary>Watches over work that nobody awaits: its failure is the session's.</summary>
    public void Track(Task work)
    {
        if (work.IsCompletedSuccessfully || !_work.TryAdd(work, 0))
            return;
        work.ContinueWith(
            done =>
            {
                _work.TryRemove(done, out _);
                if (done.Exception?.InnerException is { } exception)
                    Fault(exception);
            },
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    public void Fault(Exception exception)
    {
        _fault.TrySetResult(exception);
        _lost.Cancel();
    }

    /// <summary>Stops all work; what is not durable is forgotten.</summary>
    public async ValueTask DisposeAsync()
    {
        _closed.TrySetResult();
        await _lost.CancelAsync();
        Timers.Dispose();
        var all = Task.WhenAll([.. _work.Keys, Activities.DisposeAsync().AsTask()]);
        // An activity that does not heed its cancellation is left behind; its result is dropped.
        await Task.WhenAny(all, Task.Delay(TimeSpan.FromSeconds(5), _options.Time, CancellationToken.None));
    }

    private static Task<object?> Missing(TaskOrchestrationContext context) => Task.FromResult<object?>(null);

    private static TaskFailureDetails Missing(string name) => TaskFailureDetails.FromException(
        new InvalidOperationException($"The app has no orchestrator function '{name}'."));
}
