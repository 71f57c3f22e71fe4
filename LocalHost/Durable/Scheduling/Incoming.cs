using LocalHost.Durable.History;

namespace LocalHost.Durable.Scheduling;

/// <summary>What became of something that was asked of an instance.</summary>
internal enum Delivery
{
    /// <summary>It is durable.</summary>
    Accepted,

    /// <summary>There is no such instance.</summary>
    NotFound,

    /// <summary>The instance had ended before.</summary>
    Ended,
}

/// <summary>An event on its way to an instance.</summary>
/// <param name="Event">The event; null only wakes the instance up.</param>
/// <param name="Execution">The generation that it is for, or null for whichever is running.</param>
internal sealed record Incoming(HistoryEvent? Event, string? Execution = null)
{
    private readonly TaskCompletionSource<Delivery> _delivered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the event is durable, or will never be.</summary>
    public Task<Delivery> Delivered => _delivered.Task;

    public void Settle(Delivery delivery) => _delivered.TrySetResult(delivery);

    public void Fail(Exception exception) => _delivered.TrySetException(exception);
}
