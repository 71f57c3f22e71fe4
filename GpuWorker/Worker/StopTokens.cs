namespace GpuWorker.Worker;

/// <summary>How a worker is stopped.</summary>
/// <param name="Asked">Canceled when the worker is asked to stop: nothing new is begun, and a computation yields at its next mark.</param>
/// <param name="Over">Canceled <see cref="WorkerOptions.StopSeconds"/> later: the item is given back as it is.</param>
internal readonly record struct StopTokens(CancellationToken Asked, CancellationToken Over);
