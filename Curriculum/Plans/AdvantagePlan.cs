using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How rewards become advantages.</summary>
public sealed record AdvantagePlan
{
    /// <summary>Default <see cref="AdvantageEstimator.Group"/>.</summary>
    public AdvantageEstimator Estimator { get; init; } = AdvantageEstimator.Group;

    /// <summary>Of the group estimator: which standard deviation divides. Default population; <c>none</c> leaves the division out (Dr. GRPO).</summary>
    public StdKind Std { get; init; } = StdKind.Population;

    /// <summary>Of the group estimator: added to the standard deviation. Default 1e-6 (verl); TRL 1e-4.</summary>
    public double Delta { get; init; } = 1e-6;

    /// <summary>Of the group estimator: what a group of one trajectory gets. Default zero (TRL); verl keeps the raw reward.</summary>
    public LoneAdvantage GroupOfOne { get; init; } = LoneAdvantage.Zero;

    /// <summary>Of the gae estimator: discount per token. Default 1.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>Of the gae estimator: the weight that falls with the distance of a value error. Default 1.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>Of the gae estimator: whether advantages are shifted and scaled to mean 0 and std 1 over the batch's tokens. Default true.</summary>
    public bool Whiten { get; init; } = true;
}

/// <summary>Where advantages come from.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdvantageEstimator>))]
public enum AdvantageEstimator
{
    /// <summary>A = (r - mean) / (std + delta) over the group, the same for each token (GRPO).</summary>
    [JsonStringEnumMemberName("group")]
    Group,

    /// <summary>Generalised advantage estimation per token over a value head (PPO).</summary>
    [JsonStringEnumMemberName("gae")]
    Gae,
}

/// <summary>Which standard deviation divides.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StdKind>))]
public enum StdKind
{
    /// <summary>Divides by n.</summary>
    [JsonStringEnumMemberName("population")]
    Population,

    /// <summary>Divides by n - 1.</summary>
    [JsonStringEnumMemberName("sample")]
    Sample,

    /// <summary>No division.</summary>
    [JsonStringEnumMemberName("none")]
    None,
}

/// <summary>The advantage of a trajectory that is alone in its group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoneAdvantage>))]
public enum LoneAdvantage
{
    /// <summary>None: there is nothing to compare with.</summary>
    [JsonStringEnumMemberName("zero")]
    Zero,

    /// <summary>Its reward as it is, over 1 + delta where a std divides (verl).</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,
}
