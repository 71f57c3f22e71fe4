using Curriculum.Work;
using GpuWorker.Telemetry;

namespace GpuWorker.Worker;

/// <summary>How a worker's time was used: what it computed, and what it lost while there was work.</summary>
/// <remarks>
/// Lost is all from the end of one computation to the beginning of the next, but for the time in which the next had not been sent or the queue was found empty: waiting between
/// two looks at the queue, receiving, reading inputs.
/// </remarks>
internal sealed class WorkerUse(TimeProvider time)
{
    private readonly Lock _lock = new();
    private long? _idleSince;
    private long _begun;

    /// <summary>Time in which an item computed.</summary>
    public TimeSpan Computed { get; private set; }

    /// <summary>Time in which none did, though there was work.</summary>
    public TimeSpan Lost { get; private set; }

    /// <summary>The share of the time with work in which an item computed, 0 to 1; 1 before there was any.</summary>
    public double Share => Computed + Lost == TimeSpan.Zero ? 1 : Computed / (Computed + Lost);

    /// <summary>The queue was found empty.</summary>
    public void SawNoWork()
    {
        lock (_lock)
            _idleSince = time.GetTimestamp();
    }

    /// <summary>An item begins to compute.</summary>
    /// <param name="sentAt">When it was sent, if that is known.</param>
    public void Begin(DateTimeOffset? sentAt)
    {
        lock (_lock)
        {
            _begun = time.GetTimestamp();
            if (_idleSince is not { } since)
                return;
            var lost = time.GetElapsedTime(since, _begun);
            // Clocks of two machines differ: nothing is lost twice, and nothing less than not at all.
            if (sentAt is { } sent && time.GetUtcNow() - sent is var age && age < lost)
                lost = age > TimeSpan.Zero ? age : TimeSpan.Zero;
            Lost += lost;
            WorkerMeasurements.Lost(lost);
        }
    }

    /// <summary>It has ended, however it did.</summary>
    public void End(WorkItemId item)
    {
        lock (_lock)
        {
            _idleSince = time.GetTimestamp();
            var took = time.GetElapsedTime(_begun, _idleSince.Value);
            Computed += took;
            WorkerMeasurements.ComputedFor(took, item);
        }
    }
}
