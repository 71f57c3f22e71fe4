using Curriculum.Work;
using GpuWorker.Telemetry;

namespace GpuWorker.Worker;

/// <summary>How a worker's time was used: what it computed, and what it lost while there was work.</summary>
/// <remarks>
/// Lost is all from the end of one computation, or from when the queue was last found empty if that was later, to the beginning of the next: receiving, waiting between two looks
/// at the queue, reading inputs.
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
    public void Begin()
    {
        lock (_lock)
        {
            _begun = time.GetTimestamp();
            if (_idleSince is { } since)
                Lose(time.GetElapsedTime(since, _begun));
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

    private void Lose(TimeSpan lost)
    {
        Lost += lost;
        WorkerMeasurements.Lost(lost);
    }
}
