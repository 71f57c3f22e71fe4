using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.History;

/// <summary>Where an instance stands, as its history says.</summary>
internal sealed record InstanceState(string InstanceId)
{
    public string Name { get; init; } = "";

    public string Version { get; init; } = "";

    public string Execution { get; init; } = "";

    public ParentLink? Parent { get; init; }

    public OrchestrationRuntimeStatus Status { get; init; } = OrchestrationRuntimeStatus.Pending;

    /// <summary>Whether the orchestrator's code has been started.</summary>
    public bool HasBegun { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastUpdatedAt { get; init; }

    public string? Input { get; init; }

    public string? Output { get; init; }

    public string? CustomStatus { get; init; }

    public TaskFailureDetails? Failure { get; init; }

    public bool HasEnded => IsEnd(Status);

    public static bool IsEnd(OrchestrationRuntimeStatus status) => status
        is OrchestrationRuntimeStatus.Completed
        or OrchestrationRuntimeStatus.Failed
        or OrchestrationRuntimeStatus.Terminated;

    public InstanceState Apply(IEnumerable<HistoryEvent> events) => events.Aggregate(this, (state, item) => state.Apply(item));

    public InstanceState Apply(HistoryEvent item) => item switch
    {
        TurnStarted turn => this with { LastUpdatedAt = turn.At },
        InstanceStarted started => new(InstanceId)
        {
            Name = started.Name,
            Version = started.Version,
            Execution = started.Execution,
            Parent = started.Parent,
            Status = Going(started.StartAt is null),
            HasBegun = started.StartAt is null,
            CreatedAt = LastUpdatedAt,
            LastUpdatedAt = LastUpdatedAt,
            Input = started.Data?.Text,
        },
        StartDue => this with { Status = Status == OrchestrationRuntimeStatus.Suspended ? Status : Going(true), HasBegun = true },
        InstanceSuspended => this with { Status = OrchestrationRuntimeStatus.Suspended },
        InstanceResumed => this with { Status = Going(HasBegun) },
        StatusSet => this with { CustomStatus = item.Data?.Text },
        InstanceEnded ended => this with
        {
            Status = ended.Status,
            Failure = ended.Failure,
            Output = ended.Failure?.ToString() ?? item.Data?.Text,
        },
        _ => this,
    };

    /// <summary>The metadata that a client sees.</summary>
    public OrchestrationMetadata ToMetadata(bool withPayloads, DataConverter converter) => new(Name, InstanceId)
    {
        // Between two generations the instance is running.
        RuntimeStatus = Status == OrchestrationRuntimeStatus.ContinuedAsNew ? OrchestrationRuntimeStatus.Running : Status,
        CreatedAt = CreatedAt,
        LastUpdatedAt = LastUpdatedAt,
        FailureDetails = Failure,
        DataConverter = withPayloads ? converter : null,
        SerializedInput = withPayloads ? Input : null,
        SerializedOutput = withPayloads ? Output : null,
        SerializedCustomStatus = withPayloads ? CustomStatus : null,
    };

    private static OrchestrationRuntimeStatus Going(bool begun) =>
        begun ? OrchestrationRuntimeStatus.Running : OrchestrationRuntimeStatus.Pending;
}
