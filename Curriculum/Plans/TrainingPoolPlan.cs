namespace Curriculum.Plans;

/// <summary>The frozen training pool.</summary>
public sealed record TrainingPoolPlan : ProblemSetPlan
{
    /// <summary>Number of problems, from the start of the pool, that have an expert solution; SFT and SRL train on these. Default: all.</summary>
    public int? Demonstrations { get; init; }
}
