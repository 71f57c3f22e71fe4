namespace GpuWorker.Worker;

/// <summary>How a worker shuts down.</summary>
/// <param name="Requested">Canceled when the worker is asked to stop: nothing new is started, and a computation yields at its next heartbeat.</param>
/// <param name="Deadline">Canceled <see cref="WorkerOptions.StopSeconds"/> later: the item is abandoned as it is.</param>
internal readonly record struct ShutdownTokens(CancellationToken Requested, CancellationToken Deadline);
