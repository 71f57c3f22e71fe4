namespace Curriculum.Plans;

/// <summary>How much of a run happens in parallel, how long a stall is tolerated, and caps.</summary>
public sealed record LimitsPlan
{
    /// <summary>Arms trained, and then evaluated, at the same time. Default 4.</summary>
    public int ParallelArms { get; init; } = 4;

    /// <summary>Seconds without a heartbeat after which a running work item is stalled and sent again. Default 120.</summary>
    public int StalledSeconds { get; init; } = 120;

    /// <summary>How often a stalled item is sent again before its stage fails. Default 3.</summary>
    public int Redispatches { get; init; } = 3;

    /// <summary>Seconds after which a queued item whose message may be lost is sent again. Default 3600.</summary>
    public int LostMessageSeconds { get; init; } = 3600;

    /// <summary>Most iterations of one stage, whatever its budget. Default 2000.</summary>
    public int IterationCap { get; init; } = 2000;

    /// <summary>Most compute seconds of workers for training, all arms together; null for no cap. A cap stops training and lets the run conclude, and makes it
    /// not reproducible. Default null.</summary>
    public double? WorkerSecondsCap { get; init; }

    /// <summary>Most tokens, forward and trained, of all arms together; null for no cap. Default null.</summary>
    public long? TokenCap { get; init; }

    /// <summary>Most seconds since the run left the queue, including waits for workers and pauses; null for no cap. Default null.</summary>
    public int? WallClockSecondsCap { get; init; }

    /// <summary>Newest checkpoints to keep per arm and seed, besides the best on validation and the last of each stage. Default 3.</summary>
    public int KeepCheckpoints { get; init; } = 3;
}
