namespace Curriculum.Plans;

/// <summary>One arm: an ordered list of stages under the run's budget; no stages means the base itself.</summary>
public sealed record ArmPlan
{
    /// <summary>Lower-case letters, digits and hyphens, 1 to 30 characters, unique in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>What the arm's stages train instead of the policy's own parameters; absent for full fine-tuning.</summary>
    public AdapterPlan? Adapter { get; init; }

    public IReadOnlyList<StagePlan> Stages { get; init; } = [];

    /// <summary>The arm's share of the run's budget, above 0 and at most 1; below 1 for an arm that is part of another, as the interaction needs. Default 1.</summary>
    public double Share { get; init; } = 1;
}
