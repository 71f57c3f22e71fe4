namespace Curriculum.Plans;

/// <summary>How much of a run happens at once, and how long silence is borne.</summary>
public sealed record LimitsPlan
{
    /// <summary>Arms trained, and then evaluated, at the same time. Default 4.</summary>
    public int ParallelArms { get; init; } = 4;

    /// <summary>A running work item without progress for so long is silent and is sent again. Default 120.</summary>
    public int SilenceSeconds { get; init; } = 120;

    /// <summary>How often a silent item is sent again before its stage fails. Default 3.</summary>
    public int Redispatches { get; init; } = 3;

    /// <summary>A queued item whose message may have been lost is sent again after so long. Default 3600.</summary>
    public int LostMessageSeconds { get; init; } = 3600;

    /// <summary>Iterations in one batch orchestration; a stage runs at most 50 batches before it continues as new. Default 20.</summary>
    public int IterationsPerBatch { get; init; } = 20;

    /// <summary>Most iterations of one stage, whatever the budget says. Default 2000.</summary>
    public int IterationCap { get; init; } = 2000;

    /// <summary>Most seconds of workers' computing, training of all arms together; null for no cap. A cap stops the stages that train and lets the run conclude, and makes the run irreproducible. Default null.</summary>
    public double? WorkerSecondsCap { get; init; }

    /// <summary>Most tokens, forward and trained, of all arms together; null for no cap. Default null.</summary>
    public long? TokenCap { get; init; }

    /// <summary>Most seconds from the run's turn on, waiting for workers and pauses included; null for no cap. Default null.</summary>
    public int? WallClockSecondsCap { get; init; }

    /// <summary>Newest checkpoints that are kept of an arm and seed, beside the best on validation and every stage's last. Default 3.</summary>
    public int KeepCheckpoints { get; init; } = 3;
}
