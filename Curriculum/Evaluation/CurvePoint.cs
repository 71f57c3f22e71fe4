namespace Curriculum.Evaluation;

/// <summary>One point of a learning curve: the figures of one iteration; what a method does not have is null.</summary>
public sealed record CurvePoint
{
    /// <summary>Index of the stage in its arm.</summary>
    public required int Stage { get; init; }

    /// <summary>Optimiser updates of the stage so far.</summary>
    public required int Update { get; init; }

    public required int Iteration { get; init; }

    /// <summary>Compute units of the arm so far, earlier stages included.</summary>
    public required long Compute { get; init; }

    public double? MeanReward { get; init; }

    /// <summary>Share of the sampled groups that were admitted, 0 to 1.</summary>
    public double? UsefulGroups { get; init; }

    public double? Loss { get; init; }

    /// <summary>Nats per trained token.</summary>
    public double? Entropy { get; init; }

    /// <summary>Before clipping.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>Mean length of the sampled completions.</summary>
    public double? MeanTokens { get; init; }

    /// <summary>Greedy accuracy on the validation set, where a checkpoint was evaluated.</summary>
    public double? ValidationGreedy { get; init; }

    /// <summary>Wall clock of the iteration; never part of a verdict.</summary>
    public double? Seconds { get; init; }
}
