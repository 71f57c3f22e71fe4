using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>How the rewards of a group become advantages: A = (r - mean) / (std + delta).</summary>
public sealed record AdvantagePlan
{
    /// <summary>Default population; <c>none</c> leaves the division out (Dr. GRPO).</summary>
    public StdKind Std { get; init; } = StdKind.Population;

    /// <summary>Default 1e-6.</summary>
    public double Delta { get; init; } = 1e-6;
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
