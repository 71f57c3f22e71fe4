namespace Curriculum.Plans;

/// <summary>What a stage must reach for the next one to start; absent thresholds always pass.</summary>
public sealed record GatePlan
{
    /// <summary>Least validation accuracy (greedy) at the stage's end, 0 to 1.</summary>
    public double? MinimumAccuracy { get; init; }

    /// <summary>Least share of admitted groups over the stage, 0 to 1.</summary>
    public double? MinimumUsefulGroups { get; init; }

    /// <summary>How often the stage is repeated before the arm stops. Default 0.</summary>
    public int Repeats { get; init; }
}
