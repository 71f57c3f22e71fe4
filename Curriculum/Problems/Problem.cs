namespace Curriculum.Problems;

/// <summary>A problem with its answer and, where there is one, an expert's solution in steps.</summary>
public sealed record Problem
{
    /// <summary>Unique within its set, stable for a given generator and seed.</summary>
    public required string Id { get; init; }

    /// <summary>The family that can prompt for and verify it.</summary>
    public required string Family { get; init; }

    public required string Question { get; init; }

    /// <summary>The reference answer in the family's own notation.</summary>
    public required string Answer { get; init; }

    /// <summary>The expert's steps, the answer line last; empty where there is no demonstration.</summary>
    public IReadOnlyList<string> Steps { get; init; } = [];

    public int Difficulty { get; init; }

    /// <summary>The day on which the problem was first published; null where that is not known, and for generated ones.</summary>
    public DateOnly? Released { get; init; }

    /// <summary>The operator's verifier that judges completions in the family's place; null for the family's own.</summary>
    public string? Verifier { get; init; }
}
