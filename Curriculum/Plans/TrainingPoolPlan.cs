namespace Curriculum.Plans;

/// <summary>The frozen training pool.</summary>
public sealed record TrainingPoolPlan : ProblemSetPlan
{
    /// <summary>The first so many problems of the pool come with an expert solution; SFT and SRL train on these. Default: all.</summary>
    public int? Demonstrations { get; init; }
}
