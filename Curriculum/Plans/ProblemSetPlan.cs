namespace Curriculum.Plans;

/// <summary>A set of problems: generated from a seed, or read from a data set.</summary>
public record ProblemSetPlan
{
    /// <summary><c>two-dials</c>, <c>random-calculation</c>, <c>gsm8k</c> or <c>dataset</c>.</summary>
    public required string Family { get; init; }

    /// <summary>Number of distinct problems.</summary>
    public required int Count { get; init; }

    /// <summary>Seed of the generator, or of the draw from the data set.</summary>
    public required int Seed { get; init; }

    /// <summary>The levels drawn from in turn: operations (two-dials) or level 1-20 (random-calculation). Empty for a data set.</summary>
    public IReadOnlyList<int> Difficulty { get; init; } = [];

    /// <summary>Blob in the <c>datasets</c> container, for a family that is not generated.</summary>
    public string? Dataset { get; init; }

    /// <summary>The part of the data set to draw from. Default: all of it.</summary>
    public DatasetSplit Split { get; init; } = DatasetSplit.All;

    /// <summary>Name of a verifier registered by the workers' operator, which replaces the family's own. Default: the family's own.</summary>
    public string? Verifier { get; init; }
}
