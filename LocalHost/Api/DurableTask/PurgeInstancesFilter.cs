namespace Microsoft.DurableTask.Client;

/// <summary>Which ended instances are purged; each condition left out holds for all.</summary>
/// <param name="CreatedFrom">The earliest creation time, itself included.</param>
/// <param name="CreatedTo">The latest creation time, itself included.</param>
/// <param name="Statuses">The statuses purged.</param>
public record PurgeInstancesFilter(
    DateTimeOffset? CreatedFrom = null,
    DateTimeOffset? CreatedTo = null,
    IEnumerable<OrchestrationRuntimeStatus>? Statuses = null);
