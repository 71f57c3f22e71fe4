namespace Microsoft.DurableTask;

/// <summary>Decides, after a failed attempt, whether there is another.</summary>
public delegate bool RetryHandler(RetryContext retryContext);

/// <summary>Decides, after a failed attempt, whether there is another; may await the orchestration's own tasks, such as a timer.</summary>
public delegate Task<bool> AsyncRetryHandler(RetryContext retryContext);
