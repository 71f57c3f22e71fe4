using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuWorker.Policies;

/// <summary>How rotary positions are scaled beyond the original context: <c>rope_scaling</c> of a config.json, or its newer <c>rope_parameters</c>.</summary>
/// <remarks>
/// <c>default</c>: not at all. <c>linear</c> (kaiokendev 2023): every frequency divided by the factor. <c>llama3</c> (Llama 3.1): long waves divided, short ones kept,
/// a linear blend between. <c>yarn</c> (arXiv 2309.00071): a ramp over the pairs, and queries and keys scaled by 0.1 ln(factor) + 1.
/// </remarks>
internal sealed record RopeScaling
{
    public static RopeScaling None { get; } = new();

    /// <summary>The kind; older folders say <c>type</c>. Default: <c>default</c>.</summary>
    public string? RopeType { get; set; }

    public string? Type { get; set; }

    /// <summary>Newer folders keep it here.</summary>
    public double? RopeTheta { get; set; }

    /// <summary>Newer folders keep it here.</summary>
    public double? PartialRotaryFactor { get; set; }

    /// <summary>How many times longer the context is than the original one.</summary>
    public double? Factor { get; set; }

    /// <summary>The original context length; yarn falls back on <c>max_position_embeddings</c>.</summary>
    public int? OriginalMaxPositionEmbeddings { get; set; }

    /// <summary>llama3: waves longer than the original length over this are divided.</summary>
    public double? LowFreqFactor { get; set; }

    /// <summary>llama3: waves shorter than the original length over this are kept.</summary>
    public double? HighFreqFactor { get; set; }

    /// <summary>yarn: pairs that rotate more often than this within the original length are kept. Default 32.</summary>
    public double? BetaFast { get; set; }

    /// <summary>yarn: pairs that rotate less often than this are divided. Default 1.</summary>
    public double? BetaSlow { get; set; }

    /// <summary>yarn: the scale of queries and keys. Default 0.1 ln(factor) + 1.</summary>
    public double? AttentionFactor { get; set; }

    public double? Mscale { get; set; }

    public double? MscaleAllDim { get; set; }

    /// <summary>yarn: whether the ramp begins and ends at whole pairs. Default true.</summary>
    public bool? Truncate { get; set; }

    /// <summary>All other keys.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    [JsonIgnore]
    public string Kind => RopeType ?? Type ?? "default";

    /// <summary>What is wrong with it; null if nothing.</summary>
    public string? Fault(PolicyConfig config) =>
        Unread() is { Count: > 0 } unread ? $"a rope_scaling of the type {Kind} without {string.Join(", ", unread)}, found {(unread.Count == 1 ? "it" : "them")}" : Kind switch
        {
            "default" => null,
            "linear" when Factor >= 1 => null,
            "linear" => "a rope_scaling factor of at least 1",
            "llama3" when Factor >= 1 && LowFreqFactor > 0 && HighFreqFactor > LowFreqFactor && OriginalMaxPositionEmbeddings > 0 => null,
            "llama3" => "a llama3 rope_scaling with factor of at least 1, low_freq_factor below high_freq_factor and original_max_position_embeddings",
            "yarn" when Factor >= 1 && (OriginalMaxPositionEmbeddings ?? config.MaxPositionEmbeddings) > 0 => null,
            "yarn" => "a yarn rope_scaling with a factor of at least 1 and original_max_position_embeddings",
            _ => "rope_scaling of the type default, linear, llama3 or yarn",
        };

    /// <summary>Whether another one asks for the same.</summary>
    public bool Agrees(RopeScaling other) => Bare(this) == Bare(other);

    private static RopeScaling Bare(RopeScaling rope) => rope with { RopeType = rope.Kind, Type = null, RopeTheta = null, PartialRotaryFactor = null, Others = null };

    // A key that the kind does not use would be ignored silently; so would a dictionary per kind of layer.
    private List<string> Unread()
    {
        List<string> unread = [.. (Others ?? []).Where(key => key.Value.ValueKind != JsonValueKind.Null && key.Key != "finetuned").Select(key => key.Key)];
        void Look(string key, bool there, params string[] kinds)
        {
            if (there && Kind is "default" or "linear" or "llama3" or "yarn" && !kinds.Contains(Kind))
                unread.Add(key);
        }

        Look("factor", Factor is not null, "linear", "llama3", "yarn");
        Look("original_max_position_embeddings", OriginalMaxPositionEmbeddings is not null, "llama3", "yarn");
        Look("low_freq_factor", LowFreqFactor is not null, "llama3");
        Look("high_freq_factor", HighFreqFactor is not null, "llama3");
        Look("beta_fast", BetaFast is not null, "yarn");
        Look("beta_slow", BetaSlow is not null, "yarn");
        Look("attention_factor", AttentionFactor is not null, "yarn");
        Look("mscale", Mscale is not null, "yarn");
        Look("mscale_all_dim", MscaleAllDim is not null, "yarn");
        Look("truncate", Truncate is not null, "yarn");
        return unread;
    }

    /// <summary>The factor on the rotated part of queries and of keys.</summary>
    [JsonIgnore]
    public double Scale
    {
        get
        {
            if (Kind != "yarn")
                return 1;
            double Of(double mscale) => Factor <= 1 ? 1 : 0.1 * mscale * Math.Log(Factor!.Value) + 1;
            return AttentionFactor ?? (Mscale is > 0 and { } own && MscaleAllDim is > 0 and { } all ? Of(own) / Of(all) : Of(1));
        }
    }

    /// <summary>The angle per position of a pair, from the one without scaling.</summary>
    public double Apply(double frequency, int pair, PolicyConfig config) => Kind switch
    {
        "linear" => frequency / Factor!.Value,
        "llama3" => Llama3(frequency),
        "yarn" => Yarn(frequency, pair, config),
        _ => frequency,
    };

    private double Llama3(double frequency)
    {
        var (factor, low, high) = (Factor!.Value, LowFreqFactor!.Value, HighFreqFactor!.Value);
        var turns = OriginalMaxPositionEmbeddings!.Value * frequency / (2 * Math.PI);
        if (turns > high)
            return frequency;
        if (turns < low)
            return frequency / factor;
        var kept = (turns - low) / (high - low);
        return (1 - kept) * frequency / factor + kept * frequency;
    }

    private double Yarn(double frequency, int pair, PolicyConfig config)
    {
        var size = config.RotatedSize;
        var original = OriginalMaxPositionEmbeddings ?? config.MaxPositionEmbeddings!.Value;
        double PairThatTurns(double times) => size * Math.Log(original / (times * 2 * Math.PI)) / (2 * Math.Log(config.Theta));
        var (low, high) = (PairThatTurns(BetaFast ?? 32), PairThatTurns(BetaSlow ?? 1));
        if (Truncate is not false)
            (low, high) = (Math.Floor(low), Math.Ceiling(high));
        (low, high) = (Math.Max(low, 0), Math.Min(high, size - 1));
        if (low == high)
            high += 0.001;
        var divided = Math.Clamp((pair - low) / (high - low), 0, 1);
        return frequency / Factor!.Value * divided + frequency * (1 - divided);
    }
}
