using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How rewards become advantages.</summary>
public sealed record AdvantagePlan
{
    /// <summary>Default <see cref="AdvantageEstimator.Group"/>.</summary>
    public AdvantageEstimator Estimator { get; init; } = AdvantageEstimator.Group;

    /// <summary>Group estimator: the standard deviation to divide by. Default population; <c>none</c> omits the division (Dr. GRPO).</summary>
    public StdKind Std { get; init; } = StdKind.Population;

    /// <summary>Group estimator: added to the standard deviation. Default 1e-6 (verl); TRL 1e-4.</summary>
    public double Delta { get; init; } = 1e-6;

    /// <summary>Group estimator: the advantage in a group of one trajectory. Default zero (TRL); verl keeps the raw reward.</summary>
    public LoneAdvantage GroupOfOne { get; init; } = LoneAdvantage.Zero;

    /// <summary>GAE estimator: discount per token. Default 1.</summary>
    public double Gamma { get; init; } = 1;

    /// <summary>GAE estimator: decay of later value errors. Default 1.</summary>
    public double Lambda { get; init; } = 1;

    /// <summary>GAE estimator: whether advantages are normalised to mean 0 and std 1 over the batch's tokens. Default true.</summary>
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

/// <summary>The standard deviation to divide by.</summary>
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

/// <summary>The advantage of the only trajectory of a group.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoneAdvantage>))]
public enum LoneAdvantage
{
    /// <summary>None: there is nothing to compare with.</summary>
    [JsonStringEnumMemberName("zero")]
    Zero,

    /// <summary>Its raw reward, divided by 1 + delta if the std divides (verl).</summary>
    [JsonStringEnumMemberName("raw")]
    Raw,
}
