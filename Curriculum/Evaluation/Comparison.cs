using System.Text.Json.Serialization;

namespace Curriculum.Evaluation;

/// <summary>The curriculum against one other arm: the paired difference of the primary metric on the first benchmark.</summary>
/// <remarks>
/// Decided as follows, with m comparisons ranked 1..m by p-value. A comparison is separated from zero when its interval at confidence
/// 1 - (1 - confidence) / (m - rank + 1) excludes zero and every comparison ranked before it is separated too (Holm 1979).
/// <c>wins</c>: separated, above zero, and the estimate is at least the smallest interesting difference. <c>loses</c>: the mirror image.
/// Everything else, and everything under three training seeds, is <c>undecided</c>. A win is withheld, as <c>undecided</c>, on a benchmark that the base
/// recites and where a control with a spurious reward is within reach; a regression elsewhere stands beside a win and does not undo it.
/// </remarks>
public sealed record Comparison
{
    public required string Curriculum { get; init; }

    public required string Against { get; init; }

    /// <summary>Training seeds for which both arms were evaluated.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Accuracy of the curriculum minus that of the other arm, with the unadjusted interval; null where no seed could be compared.</summary>
    public Estimate? Difference { get; init; }

    /// <summary>The difference with the interval that the decision is taken by.</summary>
    public Estimate? Adjusted { get; init; }

    /// <summary>Confidence of the adjusted interval.</summary>
    public double? AdjustedConfidence { get; init; }

    /// <summary>Cohen's h of the two arms' accuracies over the paired seeds: see <see cref="CohenH"/>.</summary>
    public double? EffectSize { get; init; }

    /// <summary>Two-sided bootstrap p-value, (k + 1) / (draws + 1) a side.</summary>
    public double? PValue { get; init; }

    /// <summary>The p-value after Holm's correction over all comparisons.</summary>
    public double? AdjustedPValue { get; init; }

    public required Decision Decision { get; init; }

    /// <summary>Why it was decided so; at least one.</summary>
    public required IReadOnlyList<string> Reasons { get; init; }
}

/// <summary>What a comparison came to, from the curriculum's side.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Decision>))]
public enum Decision
{
    [JsonStringEnumMemberName("undecided")]
    Undecided,

    [JsonStringEnumMemberName("wins")]
    Wins,

    [JsonStringEnumMemberName("loses")]
    Loses,
}
