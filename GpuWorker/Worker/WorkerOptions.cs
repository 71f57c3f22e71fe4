using GpuWorker.Verifiers;

namespace GpuWorker.Worker;

/// <summary>How a worker processes items: configuration section <c>Worker</c>.</summary>
internal sealed record WorkerOptions
{
    public const string Section = "Worker";

    /// <summary>With <see cref="ItemAbandonment.FinalGrace"/> twice on top, a shutdown takes at most 10 seconds.</summary>
    internal const double LongestStopSeconds = 8.5;

    /// <summary>Recorded in claims and timings. Default: machine name and process id.</summary>
    public string Name { get; init; } = FormattableString.Invariant($"{Environment.MachineName}-{Environment.ProcessId}");

    /// <summary>Visibility timeout of a message without progress. Default 60; heartbeats further apart than this lose the message.</summary>
    public int VisibilitySeconds { get; init; } = 60;

    /// <summary>How long an item computes before its claim is written, and the least time between two writes; 0 for at once and every heartbeat. Default 5.</summary>
    public double ClaimSeconds { get; init; } = 5;

    /// <summary>How old a run's control may be that items are begun and go on under; 0 for a read at each item and heartbeat. Default 5.</summary>
    public double ControlSeconds { get; init; } = 5;

    /// <summary>How long an item of a paused run is deferred. Default 5.</summary>
    public int PauseSeconds { get; init; } = 5;

    /// <summary>How long an item is deferred after an unexpected error. Default 2.</summary>
    public int RetrySeconds { get; init; } = 2;

    /// <summary>Deliveries of one message before it is dead-lettered. Default 5.</summary>
    public int MaxDequeueCount { get; init; } = 5;

    /// <summary>Longest interval between two polls of an empty queue; the first is 10 ms. Default 1000.</summary>
    public int MaxPollMilliseconds { get; init; } = 1000;

    /// <summary>How long a worker may be idle before it exits; 0 for ever. Default 0.</summary>
    public double ExitWhenIdleSeconds { get; init; }

    /// <summary>Ends the worker when its standard input closes, and so when its parent does. Default false.</summary>
    public bool ExitWhenInputCloses { get; init; }

    /// <summary>Parts of states of less than 64 MB that are kept in memory; larger ones are in files. Default 128.</summary>
    public int CacheMegabytes { get; init; } = 128;

    /// <summary>Large parts of states kept in unnamed files of the temporary folder (TMPDIR). Default 65536.</summary>
    public int DiskCacheMegabytes { get; init; } = 65_536;

    /// <summary>How long a stopping worker waits for its computation to yield before it abandons the item regardless. Default 8.</summary>
    public double StopSeconds { get; init; } = 8;

    /// <summary>A computation without progress for this long is stuck, and the worker exits with code 3; 0 for never. Default 900.</summary>
    public double StuckSeconds { get; init; } = 900;

    /// <summary>The verifiers that plans may name: section <c>Worker:Verifiers:{name}</c>. Default: none.</summary>
    public Dictionary<string, VerifierOptions> Verifiers { get; init; } = new(StringComparer.Ordinal);

    /// <summary>The invalid settings, one sentence each.</summary>
    public IEnumerable<string> Faults()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "Worker:Name must not be empty; leave it out for the machine name and process id.";
        foreach (var (name, verifier) in Verifiers)
        {
            foreach (var fault in verifier.Faults(name))
                yield return fault;
        }

        if (Outside(nameof(VisibilitySeconds), VisibilitySeconds, 1, 3600) is { } visibility)
            yield return visibility;
        if (Outside(nameof(ClaimSeconds), ClaimSeconds, 0, 600) is { } claim)
            yield return claim;
        if (Outside(nameof(ControlSeconds), ControlSeconds, 0, 600) is { } control)
            yield return control;
        if (Outside(nameof(PauseSeconds), PauseSeconds, 1, 3600) is { } pause)
            yield return pause;
        if (Outside(nameof(RetrySeconds), RetrySeconds, 0, 3600) is { } retry)
            yield return retry;
        if (Outside(nameof(MaxDequeueCount), MaxDequeueCount, 1, 100) is { } dequeues)
            yield return dequeues;
        if (Outside(nameof(MaxPollMilliseconds), MaxPollMilliseconds, 10, 60_000) is { } poll)
            yield return poll;
        if (Outside(nameof(ExitWhenIdleSeconds), ExitWhenIdleSeconds, 0, 86_400) is { } idle)
            yield return idle;
        if (Outside(nameof(CacheMegabytes), CacheMegabytes, 0, 1_000_000) is { } cache)
            yield return cache;
        if (Outside(nameof(DiskCacheMegabytes), DiskCacheMegabytes, 0, 100_000_000) is { } disk)
            yield return disk;
        if (Outside(nameof(StopSeconds), StopSeconds, 0, LongestStopSeconds) is { } stop)
            yield return stop;
        if (Outside(nameof(StuckSeconds), StuckSeconds, 0, 86_400) is { } stuck)
            yield return stuck;
    }

    private static string? Outside(string name, double value, double least, double most) => value >= least && value <= most
        ? null
        : FormattableString.Invariant($"Worker:{name} must be from {least} to {most}, found {value}.");
}
