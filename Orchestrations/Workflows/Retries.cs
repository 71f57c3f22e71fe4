using System.Text.Json;
using Microsoft.DurableTask;
using Orchestrations.Storage;

namespace Orchestrations.Workflows;

/// <summary>How activities are retried.</summary>
public static class Retries
{
    /// <summary>For activities that only touch storage, which may be away: twenty tries, from 1 s to a minute apart, a quarter of an hour in all.</summary>
    /// <remarks>What trying again cannot mend, bad data and faults of the program, is not tried again.</remarks>
    public static TaskOptions Storage { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(20, TimeSpan.FromSeconds(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => !failure.IsCausedBy<InvalidDataException>()
                && !failure.IsCausedBy<UnreadableBlobException>()
                && !failure.IsCausedBy<ArgumentException>()
                && !failure.IsCausedBy<InvalidOperationException>()
                && !failure.IsCausedBy<NullReferenceException>()
                && !failure.IsCausedBy<KeyNotFoundException>()
                && !failure.IsCausedBy<JsonException>(),
        });
}
