using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>How activities are retried.</summary>
public static class Retries
{
    /// <summary>For activities that only touch storage: five tries, 1, 2, 4, 8 s apart. Bad data is not tried again.</summary>
    public static TaskOptions Storage { get; } = TaskOptions.FromRetryPolicy(
        new RetryPolicy(5, TimeSpan.FromSeconds(1), backoffCoefficient: 2)
        {
            HandleFailure = failure => !failure.IsCausedBy<InvalidDataException>() && !failure.IsCausedBy<ArgumentException>(),
        });
}
