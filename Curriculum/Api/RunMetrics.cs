using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Api;

/// <summary>Everything that was measured of a run's training so far.</summary>
public sealed record RunMetrics
{
    /// <summary>In the order of the plan's arms, seeds and stages.</summary>
    public required IReadOnlyList<AttemptMetrics> Attempts { get; init; }
}

/// <summary>One attempt at a stage of an arm under a seed.</summary>
public sealed record AttemptMetrics
{
    public required string Arm { get; init; }

    public required int Seed { get; init; }

    public required int Stage { get; init; }

    public required int Attempt { get; init; }

    public required Method Method { get; init; }

    /// <summary>Iterations that ended.</summary>
    public required int Iterations { get; init; }

    public required int Updates { get; init; }

    /// <summary>Compute units of the attempt.</summary>
    public required long Compute { get; init; }

    /// <summary>Null while it goes on.</summary>
    public StageOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>What the gate after it decided; null where none was asked.</summary>
    public GateAction? Gate { get; init; }

    public string? GateReason { get; init; }

    /// <summary>The guards that fired.</summary>
    public required IReadOnlyList<GuardAlarm> Alarms { get; init; }

    /// <summary>One for each figure that the method has.</summary>
    public required IReadOnlyList<MetricLine> Lines { get; init; }
}

/// <summary>One figure, iteration by iteration.</summary>
/// <param name="Figure">Its name, as in the iterations' records.</param>
/// <param name="At">Iterations, from 0; where points were thinned out, the last of those that a value is the mean of. -1 is the stage's start.</param>
/// <param name="Values">One for each.</param>
public sealed record MetricLine(string Figure, IReadOnlyList<int> At, IReadOnlyList<double> Values);

/// <summary>The checkpoints of a run's arms.</summary>
public sealed record CheckpointList(IReadOnlyList<KeptCheckpoint> Checkpoints);

/// <summary>A state that a fork may go on from.</summary>
public sealed record KeptCheckpoint(string Arm, int Seed, int Stage, int Attempt, int Updates);
