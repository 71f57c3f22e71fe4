using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Presets of the policy-gradient methods: each sets its paper's defaults, which the plan may override.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Algorithm>))]
public enum Algorithm
{
    /// <summary>Population std, mean over sequences of token means (arXiv 2402.03300).</summary>
    [JsonStringEnumMemberName("grpo")]
    Grpo,

    /// <summary>No std, token sums over a constant length (arXiv 2503.20783).</summary>
    [JsonStringEnumMemberName("dr-grpo")]
    DrGrpo,

    /// <summary>Token mean, clip-higher, soft overlong penalty, groups of equal rewards resampled (arXiv 2503.14476).</summary>
    [JsonStringEnumMemberName("dapo")]
    Dapo,

    /// <summary>Value head, generalised advantages, several epochs, k3 0.05 (arXiv 1707.06347, 2403.04642).</summary>
    [JsonStringEnumMemberName("ppo")]
    Ppo,
}
