namespace Curriculum.Plans;

/// <summary>A curriculum run: one base, the problems, a budget, seeds and the arms to compare.</summary>
/// <remarks>Frozen and hashed at submission. Unknown keys are refused; every default is the vetted setting.</remarks>
public sealed record RunPlan
{
    /// <summary>Lower-case letters, digits and hyphens, 1 to 40 characters; part of the run's id.</summary>
    public required string Name { get; init; }

    public required BasePlan Base { get; init; }

    /// <summary>The problems that every arm trains on, the same frozen pool for all.</summary>
    public required TrainingPoolPlan Training { get; init; }

    public required BudgetPlan Budget { get; init; }

    /// <summary>Training seeds; each arm with stages is trained once per seed.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    public required IReadOnlyList<ArmPlan> Arms { get; init; }

    public required EvaluationPlan Evaluation { get; init; }

    public LimitsPlan Limits { get; init; } = new();
}
