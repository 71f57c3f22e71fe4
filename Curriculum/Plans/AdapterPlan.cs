using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>A LoRA adapter: low-rank factors beside the matrices, trained in their place (arXiv 2106.09685).</summary>
public sealed record AdapterPlan
{
    /// <summary>Default 16.</summary>
    public int Rank { get; init; } = 16;

    /// <summary>The adapter's product is scaled by alpha over rank. Default 32.</summary>
    public double Alpha { get; init; } = 32;

    /// <summary>The matrices that are adapted. Default: all seven of a layer.</summary>
    public IReadOnlyList<AdapterTarget> Targets { get; init; } = Enum.GetValues<AdapterTarget>();
}

/// <summary>The matrices of a layer.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AdapterTarget>))]
public enum AdapterTarget
{
    [JsonStringEnumMemberName("q_proj")]
    Queries,

    [JsonStringEnumMemberName("k_proj")]
    Keys,

    [JsonStringEnumMemberName("v_proj")]
    Values,

    [JsonStringEnumMemberName("o_proj")]
    AttentionOut,

    [JsonStringEnumMemberName("gate_proj")]
    Gate,

    [JsonStringEnumMemberName("up_proj")]
    Up,

    [JsonStringEnumMemberName("down_proj")]
    Down,
}

/// <summary>The precision that a policy is stored and computed in.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Precision>))]
public enum Precision
{
    [JsonStringEnumMemberName("float32")]
    Float32,

    /// <summary>Half the memory; the optimiser keeps float32 master weights.</summary>
    [JsonStringEnumMemberName("bfloat16")]
    BFloat16,
}
