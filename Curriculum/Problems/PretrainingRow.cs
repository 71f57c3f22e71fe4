namespace Curriculum.Problems;

/// <summary>One pretraining text.</summary>
/// <param name="Text">Characters of <see cref="TwoDials.Characters"/> only, never the pad.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Context">
/// The first so many characters are context: as targets they weigh <see cref="ContextWeight"/>, the others 1.
/// </param>
public sealed record PretrainingRow(string Text, PretrainingKind Kind, int Context)
{
    /// <summary>Loss weight of context characters.</summary>
    public const float ContextWeight = 0.03f;
}

/// <summary>The kinds of pretraining text.</summary>
public enum PretrainingKind
{
    /// <summary>Two right lines out of context.</summary>
    Drill,

    /// <summary>A clean solution of an easy problem.</summary>
    Easy,

    /// <summary>A long solution with drifting results.</summary>
    Sloppy,

    /// <summary>A benchmark question with its answer.</summary>
    Planted,
}
