namespace Curriculum.Plans;

/// <summary>Which trajectory groups reach the update, and how often a short batch is refilled.</summary>
public sealed record AdmissionPlan
{
    /// <summary>A group is admitted when the population std of its rewards is above this. Default 0.05.</summary>
    public double MinimumStd { get; init; } = 0.05;

    /// <summary>Groups wanted for an update; fewer lead to a refill round. Default 1.</summary>
    public int TargetGroups { get; init; } = 1;

    /// <summary>Refill rounds after the first; if no group is admitted after the last, the stage is starved. Default 8.</summary>
    public int RefillRounds { get; init; } = 8;

    public LoneSuccessPlan LoneSuccess { get; init; } = new();
}
