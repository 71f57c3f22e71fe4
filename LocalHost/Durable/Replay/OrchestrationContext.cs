using System.Globalization;
using LocalHost.Durable.History;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LocalHost.Durable.Replay;

/// <summary>The context of one generation of one instance: its calls become the run's actions.</summary>
internal sealed class OrchestrationContext(OrchestrationRun run, InstanceStarted started, string instanceId, RunSettings settings)
    : TaskOrchestrationContext
{
    private int _guids;

    public override TaskName Name => started.Name;

    public override string InstanceId => instanceId;

    public override string Version => started.Version;

    public override ParentOrchestrationInstance? Parent { get; } =
        started.Parent is { } parent ? new(parent.Name, parent.InstanceId) : null;

    public override DateTime CurrentUtcDateTime => run.Now.UtcDateTime;

    public override bool IsReplaying => run.IsReplaying;

    protected override ILoggerFactory LoggerFactory => settings.LoggerFactory;

    public override T GetInput<T>() => settings.Converter.Deserialize<T>(started.Data?.Text)!;

    public override Task<TResult> CallActivityAsync<TResult>(TaskName name, object? input = null, TaskOptions? options = null)
    {
        run.EnsureInTurn();
        var data = Payload.Of(settings.Converter.Serialize(input));
        return Retries.RunAsync(
            this, options?.Retry, () => ResultAsync<TResult>(id => new ActivityScheduled(id, name.Name) { Data = data }));
    }

    public override Task<TResult> CallSubOrchestratorAsync<TResult>(
        TaskName orchestratorName, object? input = null, TaskOptions? options = null)
    {
        run.EnsureInTurn();
        var data = Payload.Of(settings.Converter.Serialize(input));
        var sub = options as SubOrchestrationOptions;
        var id = sub?.InstanceId ?? NewGuid().ToString("N");
        var version = sub?.Version?.Version ?? settings.DefaultVersion;
        return Retries.RunAsync(
            this,
            options?.Retry,
            () => ResultAsync<TResult>(number => new ChildCreated(number, orchestratorName.Name, id, version) { Data = data }));
    }

    public override Task CreateTimer(DateTime fireAt, CancellationToken cancellationToken)
    {
        run.EnsureInTurn();
        var utc = fireAt.Kind == DateTimeKind.Local ? fireAt.ToUniversalTime() : DateTime.SpecifyKind(fireAt, DateTimeKind.Utc);
        return cancellationToken.IsCancellationRequested
            ? Task.FromCanceled(cancellationToken)
            : run.Actions.Act(id => new TimerCreated(id, utc), cancellationToken);
    }

    public override async Task<T> WaitForExternalEvent<T>(string eventName, CancellationToken cancellationToken = default)
    {
        run.EnsureInTurn();
        var data = await run.Events.WaitAsync(eventName, cancellationToken);
        return settings.Converter.Deserialize<T>(data?.Text)!;
    }

    public override void SendEvent(string instanceId, string eventName, object payload)
    {
        run.EnsureInTurn();
        var data = Payload.Of(settings.Converter.Serialize(payload));
        run.Actions.Note(id => new EventSent(id, instanceId, eventName) { Data = data });
    }

    public override void SetCustomStatus(object? customStatus)
    {
        run.EnsureInTurn();
        run.Status = new StatusSet { Data = Payload.Of(settings.Converter.Serialize(customStatus)) };
    }

    public override void ContinueAsNew(object? newInput = null, bool preserveUnprocessedEvents = true) =>
        ContinueAsNew(new ContinueAsNewOptions { NewInput = newInput, PreserveUnprocessedEvents = preserveUnprocessedEvents });

    public override void ContinueAsNew(ContinueAsNewOptions options)
    {
        run.EnsureInTurn();
        run.Next = new(
            Payload.Of(settings.Converter.Serialize(options.NewInput)), options.PreserveUnprocessedEvents, options.NewVersion);
    }

    public override Guid NewGuid()
    {
        run.EnsureInTurn();
        return DeterministicGuid.Of(string.Create(
            CultureInfo.InvariantCulture, $"{instanceId}/{started.Execution}/{run.Now.UtcTicks}/{_guids++}"));
    }

    private async Task<T> ResultAsync<T>(Func<int, ActionEvent> action)
    {
        var data = await run.Actions.Act(action, CancellationToken.None);
        return settings.Converter.Deserialize<T>(data?.Text)!;
    }
}
