namespace Microsoft.DurableTask.Client;

/// <summary>Which instances a query is for; each condition left out holds for all.</summary>
/// <param name="CreatedFrom">The earliest creation time, itself included.</param>
/// <param name="CreatedTo">The latest creation time, itself included.</param>
/// <param name="Statuses">The statuses looked for.</param>
/// <param name="TaskHubNames">The task hubs looked into.</param>
/// <param name="InstanceIdPrefix">What the ids begin with.</param>
/// <param name="PageSize">The most instances on a page.</param>
/// <param name="FetchInputsAndOutputs">Whether inputs, outputs and custom statuses are read as well.</param>
/// <param name="ContinuationToken">Where an earlier query stopped.</param>
public record OrchestrationQuery(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null,
    IEnumerable<string>? TaskHubNames = null,
    string? InstanceIdPrefix = null,
    int PageSize = OrchestrationQuery.DefaultPageSize,
    bool FetchInputsAndOutputs = false,
    string? ContinuationToken = null)
{
    public const int DefaultPageSize = 100;
}
