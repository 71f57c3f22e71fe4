using Microsoft.DurableTask;

namespace LocalHost.Durable.Replay;

/// <summary>Tries a call again as its options say, in the orchestration's own time.</summary>
internal static class Retries
{
    public static Task<T> RunAsync<T>(TaskOrchestrationContext context, TaskRetryOptions? retry, Func<Task<T>> call) => retry switch
    {
        { Policy: { } policy } => ByPolicyAsync(context, policy, call),
        { Handler: { } handler } => ByHandlerAsync(context, handler, call),
        _ => call(),
    };

    private static async Task<T> ByPolicyAsync<T>(TaskOrchestrationContext context, RetryPolicy policy, Func<Task<T>> call)
    {
        var first = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed) when (
                attempt < policy.MaxNumberOfAttempts
                && policy.Retries(failed.FailureDetails)
                && (policy.RetryTimeout == Timeout.InfiniteTimeSpan
                    || context.CurrentUtcDateTime - first < policy.RetryTimeout))
            {
                // The delay is awaited outside the handler.
            }

            var delay = policy.FirstRetryInterval.TotalMilliseconds * Math.Pow(policy.BackoffCoefficient, attempt - 1);
            await context.CreateTimer(
                TimeSpan.FromMilliseconds(Math.Min(delay, policy.MaxRetryInterval.TotalMilliseconds)), CancellationToken.None);
        }
    }

    private static async Task<T> ByHandlerAsync<T>(TaskOrchestrationContext context, AsyncRetryHandler handler, Func<Task<T>> call)
    {
        var first = context.CurrentUtcDateTime;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await call();
            }
            catch (TaskFailedException failed)
            {
                var tried = new RetryContext(
                    context, attempt, failed.FailureDetails, context.CurrentUtcDateTime - first, CancellationToken.None);
                if (!await handler(tried))
                    throw;
            }
        }
    }
}
