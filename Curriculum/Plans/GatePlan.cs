namespace Curriculum.Plans;

/// <summary>What a stage must reach before the next one starts; absent thresholds always pass.</summary>
public sealed record GatePlan
{
    /// <summary>Least validation accuracy (greedy) at the stage's end, 0 to 1.</summary>
    public double? MinimumAccuracy { get; init; }

    /// <summary>Least share of admitted groups over the stage, 0 to 1.</summary>
    public double? MinimumUsefulGroups { get; init; }

    /// <summary>Least share of well-formed completions over the newest iterations (the guards' window), 0 to 1.</summary>
    public double? MinimumFormatRate { get; init; }

    /// <summary>Least pass@k on the validation set at the stage's end, 0 to 1.</summary>
    public double? MinimumPassAtK { get; init; }

    /// <summary>The k of that pass@k, at most the evaluation's samples. Default 4.</summary>
    public int PassK { get; init; } = 4;

    /// <summary>How often the stage is repeated before the arm stops. Default 0.</summary>
    public int Repeats { get; init; }
}
