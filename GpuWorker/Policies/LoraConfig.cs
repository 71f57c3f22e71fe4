using System.Text.Json;
using System.Text.Json.Serialization;
using Curriculum.Texts;

namespace GpuWorker.Policies;

/// <summary>A LoRA adapter's <c>adapter_config.json</c>, as PEFT writes it.</summary>
/// <remarks>Hu et al., arXiv 2106.09685: W x + alpha / rank x B A x, the adapter trained and W frozen. Keys that ask for another kind of adapter are refused.</remarks>
internal sealed record LoraConfig
{
    /// <summary>Every matrix that can have an adapter.</summary>
    public static readonly IReadOnlyList<string> AllTargets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"];

    public string PeftType { get; set; } = "LORA";

    public string TaskType { get; set; } = "CAUSAL_LM";

    /// <summary>Rank.</summary>
    [JsonPropertyName("r")]
    public required int Rank { get; init; }

    [JsonPropertyName("lora_alpha")]
    public required double Alpha { get; init; }

    public required IReadOnlyList<string> TargetModules { get; init; }

    public double LoraDropout { get; set; }

    public string Bias { get; set; } = "none";

    public bool FanInFanOut { get; set; }

    public bool UseRslora { get; set; }

    public bool UseDora { get; set; }

    /// <summary>The folder that the adapter was trained on.</summary>
    public string? BaseModelNameOrPath { get; set; }

    public JsonElement? RankPattern { get; set; }

    public JsonElement? AlphaPattern { get; set; }

    public JsonElement? ModulesToSave { get; set; }

    public JsonElement? LayersToTransform { get; set; }

    [JsonIgnore]
    public double Scaling => UseRslora ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    /// <exception cref="InvalidDataException">It is not an adapter_config.json, or describes an unsupported kind of adapter.</exception>
    public static LoraConfig Read(ReadOnlySpan<byte> json)
    {
        LoraConfig config;
        try
        {
            config = JsonSerializer.Deserialize(json, AdapterJson.Default.LoraConfig) ?? throw new JsonException("it is null");
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"Expected an adapter_config.json, found something else: {JsonFault.Words(error)}", error);
        }

        void Require(bool holds, string what)
        {
            if (!holds)
                throw new InvalidDataException($"Expected an adapter_config.json with {what}.");
        }

        Require(config.PeftType == "LORA", $"peft_type LORA, found {config.PeftType}");
        Require(config.Rank > 0 && config.Alpha > 0, $"r and lora_alpha above 0, found {config.Rank} and {config.Alpha}");
        Require(
            config.TargetModules.Count > 0 && config.TargetModules.All(AllTargets.Contains),
            $"target_modules of {string.Join(", ", AllTargets)}, found {string.Join(", ", config.TargetModules)}");
        Require(config is { UseDora: false, FanInFanOut: false, Bias: "none" }, "use_dora and fan_in_fan_out false and bias none");
        Require(
            Empty(config.RankPattern) && Empty(config.AlphaPattern) && Empty(config.ModulesToSave) && Empty(config.LayersToTransform),
            "no rank_pattern, alpha_pattern, modules_to_save or layers_to_transform");
        return config;
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AdapterJson.Default.LoraConfig);

    private static bool Empty(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null } => true,
        { ValueKind: JsonValueKind.Object } some => !some.EnumerateObject().Any(),
        { ValueKind: JsonValueKind.Array } some => some.GetArrayLength() == 0,
        _ => false,
    };
}

/// <summary>JSON of an adapter's configuration.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectRequiredConstructorParameters = true,
    WriteIndented = true)]
[JsonSerializable(typeof(LoraConfig))]
internal sealed partial class AdapterJson : JsonSerializerContext;
