namespace Curriculum.Plans;

/// <summary>The contamination audit of the base, before any training: can it go on with questions that were cut short?</summary>
/// <remarks>Wu et al. 2025, arXiv 2507.10532: cuts 40/60/80 %, greedy and without a template as the main setting. See docs/MEASURES.md.</remarks>
public sealed record AuditPlan
{
    /// <summary>Number of problems, from the start of each benchmark. Default 64.</summary>
    public int Problems { get; init; } = 64;

    /// <summary>Where questions are cut, as shares of their length. Default 0.4, 0.6, 0.8.</summary>
    public IReadOnlyList<double> Cuts { get; init; } = [0.4, 0.6, 0.8];

    /// <summary>The cut whose greedy completion rate decides. Default 0.6.</summary>
    public double DecidingCut { get; init; } = 0.6;

    /// <summary>Samples at temperature 1 for avg@k, beside the greedy continuation; 0 for none. Default 4.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>A benchmark is recited if more than this share of its questions is completed verbatim. Default 0.5.</summary>
    public double RecitedAbove { get; init; } = 0.5;

    /// <summary>A benchmark is cleared if less than this share is; between the two it is suspect. Default 0.05.</summary>
    public double ClearedBelow { get; init; } = 0.05;
}
