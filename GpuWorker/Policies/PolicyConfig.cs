using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using GpuWorker.Tokenizers;

namespace GpuWorker.Policies;

/// <summary>The shape of a policy: the keys of a LLaMA, Qwen2 or Qwen3 <c>config.json</c>, and a few of our own for the small policy.</summary>
/// <remarks>
/// Harmless keys are ignored (<see cref="ConfigKeys"/>); one that may change the computation, or asks for another transformer, is refused.
/// Optional keys have setters, because source-generated JSON gives an absent init-only property zero and not its default.
/// </remarks>
internal sealed record PolicyConfig
{
    public required int HiddenSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    /// <summary>Heads of keys and values; each serves as many query heads. Default: as many as query heads.</summary>
    public int? NumKeyValueHeads { get; set; }

    /// <summary>Default: 128 in qwen3, hidden size over query heads elsewhere.</summary>
    public int? HeadDim { get; set; }

    public required int IntermediateSize { get; init; }

    public required int VocabSize { get; init; }

    /// <summary>Default 1e-6.</summary>
    public double RmsNormEps { get; set; } = 1e-6;

    /// <summary><see cref="Theta"/> is what counts.</summary>
    public double? RopeTheta { get; set; }

    /// <summary>Share of a head's dimensions that are rotated. <see cref="RotatedShare"/> is what counts.</summary>
    public double? PartialRotaryFactor { get; set; }

    /// <summary>Whether the norms inside the layers have weights, as LLaMA's do; without them they are folded into the matrices from the start. Default true.</summary>
    public bool LayerNormWeights { get; set; } = true;

    /// <summary>Whether the embedding is the output matrix too. Default false.</summary>
    public bool TieWordEmbeddings { get; set; }

    /// <summary>The characters of a <see cref="Tokenizers.CharacterTokenizer"/>, in the order of their ids; null for a policy with another tokenizer.</summary>
    public string? Characters { get; set; }

    /// <summary>What every prompt begins with, as the policy was trained on; null for nothing.</summary>
    public string? PromptPrefix { get; set; }

    /// <summary><c>llama</c>, <c>qwen2</c> or <c>qwen3</c>. Default: as llama.</summary>
    public string? ModelType { get; set; }

    public string? HiddenAct { get; set; }

    /// <summary>Biases on all four attention projections. Default: on queries, keys and values in qwen2, none elsewhere.</summary>
    public bool? AttentionBias { get; set; }

    /// <summary>Biases on the three feed-forward projections. Default: none.</summary>
    public bool? MlpBias { get; set; }

    public bool? UseSlidingWindow { get; set; }

    /// <summary>How rotary positions are scaled beyond the original context. Default: not at all.</summary>
    public RopeScaling? RopeScaling { get; set; }

    /// <summary>Newer folders keep theta and scaling together here.</summary>
    public RopeScaling? RopeParameters { get; set; }

    /// <summary>The model's context length.</summary>
    public int? MaxPositionEmbeddings { get; set; }

    /// <summary>One id or several; see <see cref="EosTokenIds"/>.</summary>
    public JsonElement? EosTokenId { get; set; }

    /// <summary>The checkpoint's number type.</summary>
    public string? TorchDtype { get; set; }

    /// <summary>All other keys.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Others { get; set; }

    [JsonIgnore]
    public int KeyValueHeads => NumKeyValueHeads ?? NumAttentionHeads;

    [JsonIgnore]
    public int HeadSize => HeadDim ?? (ModelType == "qwen3" ? 128 : HiddenSize / NumAttentionHeads);

    /// <summary>Dimensions of a head that rotate, an even number.</summary>
    [JsonIgnore]
    public int RotatedSize => (int)Math.Round(HeadSize * RotatedShare) / 2 * 2;

    /// <summary>The EOS tokens; null where the config names none.</summary>
    [JsonIgnore]
    public IReadOnlyList<int>? EosTokenIds => EosTokenId is { } ids && EosTokens.Ids(ids) is { Count: > 0 } ends ? ends : null;

    /// <summary>Biases on queries, keys and values; qwen2 always has them.</summary>
    [JsonIgnore]
    public bool QueryKeyValueBias => AttentionBias is true || ModelType == "qwen2";

    /// <summary>A bias on attention's output projection; qwen2 has none.</summary>
    [JsonIgnore]
    public bool AttentionOutBias => AttentionBias is true && ModelType != "qwen2";

    /// <summary>Norms on each head's queries and keys.</summary>
    [JsonIgnore]
    public bool QueryKeyNorms => ModelType == "qwen3";

    /// <summary>From wherever the key is; default 10000.</summary>
    [JsonIgnore]
    public double Theta => Places(rope => rope.RopeTheta, RopeTheta).FirstOrDefault(10_000);

    /// <summary>From wherever the key is; default 1.</summary>
    [JsonIgnore]
    public double RotatedShare => Places(rope => rope.PartialRotaryFactor, PartialRotaryFactor).FirstOrDefault(1);

    [JsonIgnore]
    public RopeScaling Rope => RopeParameters ?? RopeScaling ?? RopeScaling.None;

    /// <summary>The values of a key that can be in three places.</summary>
    public IEnumerable<double> Places(Func<RopeScaling, double?> inside, double? outside) =>
        ((double?[])[outside, RopeParameters is null ? null : inside(RopeParameters), RopeScaling is null ? null : inside(RopeScaling)]).OfType<double>();

    /// <summary>The small policy of the two-dials family: 143,616 parameters with its 35 characters.</summary>
    public static PolicyConfig Small(string characters) => new()
    {
        HiddenSize = 64,
        NumHiddenLayers = 3,
        NumAttentionHeads = 4,
        NumKeyValueHeads = 4,
        IntermediateSize = 160,
        VocabSize = characters.Length,
        RopeTheta = 100,
        PartialRotaryFactor = 0.5,
        LayerNormWeights = false,
        TieWordEmbeddings = true,
        Characters = characters,
    };

    /// <summary>Reads a <c>config.json</c>.</summary>
    /// <exception cref="InvalidDataException">It is not JSON, lacks a key, or describes another kind of transformer.</exception>
    public static PolicyConfig Read(ReadOnlySpan<byte> json)
    {
        PolicyConfig? config;
        try
        {
            config = JsonSerializer.Deserialize(json, PolicyJson.Default.PolicyConfig);
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Expected a policy's config.json, found something else: {error.Message}", error);
        }

        return (config ?? throw new InvalidDataException("Expected a policy's config.json, found null.")).Checked();
    }

    /// <summary>A config.json with another prompt prefix, every other key as it was; the same bytes where it has that prefix.</summary>
    public static byte[] WithPrefix(byte[] json, string? prefix)
    {
        if (Read(json).PromptPrefix == prefix)
            return json;
        var keys = JsonNode.Parse(json)!.AsObject();
        keys["prompt_prefix"] = prefix;
        return JsonSerializer.SerializeToUtf8Bytes(keys, PolicyJson.Default.JsonObject);
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, PolicyJson.Default.PolicyConfig);

    private PolicyConfig Checked()
    {
        if (ConfigKeys.Fault(this) is { } fault)
            throw new InvalidDataException($"Expected a policy's config.json with {fault}.");
        Require(HiddenSize > 0 && NumHiddenLayers > 0 && NumAttentionHeads > 0 && IntermediateSize > 0 && VocabSize > 0, "sizes above 0");
        Require(KeyValueHeads > 0 && NumAttentionHeads % KeyValueHeads == 0, "num_attention_heads to be a multiple of num_key_value_heads");
        Require(HeadDim is not null || HiddenSize % NumAttentionHeads == 0, "hidden_size to be a multiple of num_attention_heads");
        Require(HeadSize > 0 && HeadSize % 2 == 0, "an even head size");
        Require(RotatedShare is >= 0 and <= 1, "partial_rotary_factor between 0 and 1");
        Require(RmsNormEps > 0 && Theta > 0, "rms_norm_eps and rope_theta above 0");
        Require(HiddenAct is null or "silu", "hidden_act silu");
        Require(ModelType is null or "llama" or "qwen2" or "qwen3", "model_type llama, qwen2 or qwen3");
        Require(UseSlidingWindow is not true, "attention over all positions (use_sliding_window false)");
        Require(Rope.Fault(this) is null, Rope.Fault(this) ?? "");
        Require(EosTokenId is not { } ends || EosTokens.Ids(ends) is not null, "integers as eos_token_id");
        Require(Characters is null || Characters.Length <= VocabSize, "no more characters than vocab_size");
        return this;
    }

    private void Require(bool holds, string what)
    {
        if (!holds)
            throw new InvalidDataException($"Expected a policy's config.json with {what}, found {JsonSerializer.Serialize(this, PolicyJson.Default.PolicyConfig)}.");
    }
}

/// <summary>JSON of a policy's configuration: snake_case, as model folders have it.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(PolicyConfig))]
[JsonSerializable(typeof(JsonObject))]
internal sealed partial class PolicyJson : JsonSerializerContext;
