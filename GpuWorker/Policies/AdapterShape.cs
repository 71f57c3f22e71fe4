using System.Text.Json;
using System.Text.Json.Serialization;
using Curriculum.Texts;

namespace GpuWorker.Policies;

/// <summary>A LoRA adapter's <c>adapter_config.json</c>, as PEFT writes it.</summary>
/// <remarks>Hu et al., arXiv 2106.09685: W x + alpha / rank x B A x, the adapter trained and W frozen. Keys that ask for another kind of adapter are refused.</remarks>
internal sealed record AdapterShape
{
    /// <summary>Every matrix that an adapter can stand beside.</summary>
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
    public double Scale => UseRslora ? Alpha / Math.Sqrt(Rank) : Alpha / Rank;

    /// <exception cref="InvalidDataException">It is no adapter_config.json, or describes an adapter that is not this kind of LoRA.</exception>
    public static AdapterShape Read(ReadOnlySpan<byte> json)
    {
        AdapterShape shape;
        try
        {
            shape = JsonSerializer.Deserialize(json, AdapterJson.Default.AdapterShape) ?? throw new JsonException("it is null");
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

        Require(shape.PeftType == "LORA", $"peft_type LORA, found {shape.PeftType}");
        Require(shape.Rank > 0 && shape.Alpha > 0, $"r and lora_alpha above 0, found {shape.Rank} and {shape.Alpha}");
        Require(
            shape.TargetModules.Count > 0 && shape.TargetModules.All(AllTargets.Contains),
            $"target_modules of {string.Join(", ", AllTargets)}, found {string.Join(", ", shape.TargetModules)}");
        Require(shape is { UseDora: false, FanInFanOut: false, Bias: "none" }, "use_dora and fan_in_fan_out false and bias none");
        Require(
            Empty(shape.RankPattern) && Empty(shape.AlphaPattern) && Empty(shape.ModulesToSave) && Empty(shape.LayersToTransform),
            "no rank_pattern, alpha_pattern, modules_to_save or layers_to_transform");
        return shape;
    }

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, AdapterJson.Default.AdapterShape);

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
[JsonSerializable(typeof(AdapterShape))]
internal sealed partial class AdapterJson : JsonSerializerContext;
