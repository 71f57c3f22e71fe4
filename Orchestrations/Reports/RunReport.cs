using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Work;

namespace Orchestrations.Reports;

/// <summary>Everything that a report shows: the verdict, and what is not part of it because it is not reproducible.</summary>
internal sealed record RunReport
{
    public required string RunId { get; init; }

    public required RunPlan Plan { get; init; }

    public required RunVerdict Verdict { get; init; }

    public required IReadOnlyList<ArmCurve> Curves { get; init; }

    public required IReadOnlyList<ArmTiming> Timings { get; init; }

    /// <summary>From the submission to the conclusion.</summary>
    public double? WallClockSeconds { get; init; }

    /// <summary>When the run was concluded.</summary>
    public DateTimeOffset? ConcludedAt { get; init; }
}

/// <summary>The learning curve of one arm and seed, in the order of its iterations.</summary>
internal sealed record ArmCurve(string Arm, int Seed, IReadOnlyList<CurvePoint> Points);

/// <summary>Where the time of one arm and seed went.</summary>
internal sealed record ArmTiming
{
    public required string Arm { get; init; }

    public required int Seed { get; init; }

    public required IReadOnlyList<WorkSeconds> Work { get; init; }
}

/// <summary>The seconds that workers spent on one kind of work.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Items">Work items.</param>
/// <param name="Seconds">Sum over the items.</param>
/// <param name="Tokens">Tokens that they processed; 0 where that is not counted.</param>
internal sealed record WorkSeconds(WorkKind Kind, int Items, double Seconds, long Tokens);
