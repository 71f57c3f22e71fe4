using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Orchestrations.Tests.Workflows;

/// <summary>One generation of an orchestrator in a time of its own, in which days pass at once: what an engine would append for it is counted.</summary>
internal sealed class PlayedContext(DateTime now) : TaskOrchestrationContext
{
    private readonly List<(DateTime At, TaskCompletionSource Source)> _timers = [];
    private readonly Dictionary<string, TaskCompletionSource<object?>> _events = new(StringComparer.Ordinal);
    private DateTime _now = now;

    /// <summary>Answers activities, by name and input.</summary>
    public required Func<string, object?, object?> Activity { get; init; }

    /// <summary>Answers sub-orchestrations, by name and input.</summary>
    public Func<string, object?, Task<object?>> Child { get; init; } = (name, _) => throw new InvalidOperationException($"Expected no sub-orchestration, found {name}.");

    /// <summary>Turns: an engine makes at least one append to the history for each.</summary>
    public int Turns { get; private set; }

    public bool ContinuesAsNew { get; private set; }

    public string? Status { get; private set; }

    public override TaskName Name => "played";

    public override string InstanceId => "run";

    public override ParentOrchestrationInstance? Parent => null;

    public override DateTime CurrentUtcDateTime => _now;

    public override bool IsReplaying => false;

    public override string Version => "1.1";

    protected override ILoggerFactory LoggerFactory => NullLoggerFactory.Instance;

    /// <summary>Begins the code and fires its timers, one after another, until it ends or the next would come after a time.</summary>
    public Task<T> Play<T>(Func<TaskOrchestrationContext, Task<T>> code, DateTime until)
    {
        Turns++;
        var task = OnThisThread(() => code(this));
        while (!task.IsCompleted && Fire(until))
        {
        }

        return task;
    }

    /// <summary>Has an event come, now.</summary>
    public void Raise(string name, object? payload)
    {
        Turns++;
        OnThisThread(() => _events.GetValueOrDefault(name)?.TrySetResult(payload));
    }

    /// <summary>Has a sub-orchestration end, now.</summary>
    public void Complete(TaskCompletionSource<object?> child, object? result)
    {
        Turns++;
        OnThisThread(() => child.TrySetResult(result));
    }

    public override T GetInput<T>() => throw new NotSupportedException();

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        Turns++;
        return Task.FromResult((TResult)Activity(name.Name, input)!);
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        var source = new TaskCompletionSource();
        cancellationToken.Register(() => source.TrySetCanceled(cancellationToken));
        _timers.Add((fireAt, source));
        return source.Task;
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        var source = new TaskCompletionSource<object?>();
        _events[eventName] = source;
        return (T)(await source.Task)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload) => throw new NotSupportedException();

    public override void SetCustomStatus(object? customStatus) => Status = (string?)customStatus;

    public override async Task<TResult> CallSubOrchestratorAsync<TResult>(TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        Turns++;
        return (TResult)(await Child(orchestratorName.Name, input))!;
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) => ContinuesAsNew = true;

    public override Guid NewGuid() => throw new NotSupportedException();

    private bool Fire(DateTime until)
    {
        _timers.RemoveAll(timer => timer.Source.Task.IsCompleted);
        var next = _timers.OrderBy(timer => timer.At).FirstOrDefault();
        if (next.Source is null || next.At > until)
            return false;
        (_now, Turns) = (next.At, Turns + 1);
        OnThisThread(() => next.Source.TrySetResult());
        return true;
    }

    /// <summary>As an engine does: what follows from a result runs at once, and not where a test runner would have it run.</summary>
    private static T OnThisThread<T>(Func<T> run)
    {
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return run();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }
}
