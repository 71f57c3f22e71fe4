using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>Expert iteration: each iteration fine-tunes on all successes so far.</summary>
public sealed record ExpertPlan
{
    /// <summary>What is fine-tuned. Default <see cref="ExpertStart.Restart"/>.</summary>
    public ExpertStart Start { get; init; } = ExpertStart.Restart;

    /// <summary>Passes over the successes in each iteration. Default 2.</summary>
    public int Passes { get; init; } = 2;

    /// <summary>Successes in one optimiser step. Default 32.</summary>
    public int Rows { get; init; } = 32;

    /// <summary>Whether equal completions of one prompt are kept once. Default true.</summary>
    public bool Deduplicate { get; init; } = true;
}

/// <summary>What an iteration of expert iteration fine-tunes.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ExpertStart>))]
public enum ExpertStart
{
    /// <summary>The policy that the stage started with (Havrilla et al. 2024, arXiv 2403.04642).</summary>
    [JsonStringEnumMemberName("restart")]
    Restart,

    /// <summary>The newest policy.</summary>
    [JsonStringEnumMemberName("continue")]
    Continue,
}
