using System.Text.Json;
using GpuWorker.Items;

namespace GpuWorker.Models;

/// <summary>The files of a model folder: its weights and their companions.</summary>
/// <param name="Weights">The safetensors files, in the order of their names.</param>
/// <param name="Companions">Config, tokenizer and the like, by the name of the part that they become.</param>
internal sealed record ModelFiles(IReadOnlyList<string> Weights, IReadOnlyDictionary<string, string> Companions)
{
    public const string Config = "config.json";
    public const string Tokenizer = "tokenizer.json";
    public const string SingleFile = "model.safetensors";
    public const string Index = "model.safetensors.index.json";

    /// <summary>The name of each companion's part, as every state has it.</summary>
    public static readonly IReadOnlyDictionary<string, string> PartOf = new Dictionary<string, string>
    {
        [Config] = StatePartNames.Config,
        [Tokenizer] = StatePartNames.Tokenizer,
        ["tokenizer_config.json"] = StatePartNames.TokenizerConfig,
        ["special_tokens_map.json"] = "special-tokens-map",
        ["added_tokens.json"] = "added-tokens",
        ["chat_template.jinja"] = StatePartNames.ChatTemplate,
        ["generation_config.json"] = StatePartNames.GenerationConfig,
        ["vocab.json"] = "vocab",
        ["merges.txt"] = "merges",
    };

    /// <summary>Sorts a folder's files.</summary>
    /// <param name="names">The names of all files.</param>
    /// <param name="index">The content of <see cref="Index"/>; null where there is none.</param>
    /// <exception cref="InvalidDataException">Config or weights are missing, or the index names files that are.</exception>
    public static ModelFiles Of(IReadOnlyCollection<string> names, byte[]? index)
    {
        if (!names.Contains(Config))
            throw new InvalidDataException($"Expected {Config} in the model's folder, found {(names.Count == 0 ? "no files" : string.Join(", ", names.Order(StringComparer.Ordinal)))}.");

        IReadOnlyList<string> weights = names.Contains(SingleFile)
            ? [SingleFile]
            : index is not null
                ? [.. WeightMap(index).Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]
                : throw new InvalidDataException($"Expected {SingleFile}, or shards with {Index}, in the model's folder; found {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
        string[] missing = [.. weights.Except(names)];
        return missing.Length == 0
            ? new(weights, names.Where(PartOf.ContainsKey).Order(StringComparer.Ordinal).ToDictionary(name => PartOf[name]))
            : throw new InvalidDataException($"Expected every file that {Index} names; missing: {string.Join(", ", missing)}.");
    }

    /// <summary>Tensor to file, as an index says.</summary>
    /// <exception cref="InvalidDataException">It is not an index.</exception>
    public static IReadOnlyDictionary<string, string> WeightMap(byte[] index)
    {
        try
        {
            using var json = JsonDocument.Parse(index);
            var map = json.RootElement.GetProperty("weight_map").EnumerateObject().ToDictionary(entry => entry.Name, entry => entry.Value.GetString() ?? "");
            return map.Count > 0 && map.Values.All(file => file.Length > 0 && !file.Contains('/', StringComparison.Ordinal) && !file.Contains('\\', StringComparison.Ordinal))
                ? map
                : throw new InvalidDataException($"Expected a weight_map of tensors to files of the same folder in {Index}.");
        }
        catch (Exception error) when (error is JsonException or KeyNotFoundException or InvalidOperationException or ArgumentException)
        {
            throw new InvalidDataException($"Expected a weight_map in {Index}: {error.Message}", error);
        }
    }

    /// <summary>Checks an index against the tensors in its files.</summary>
    /// <exception cref="InvalidDataException">They differ; every difference is listed.</exception>
    public static void CheckIndex(byte[] index, IEnumerable<(string Tensor, string File)> found)
    {
        var listed = WeightMap(index).Select(pair => $"{pair.Key} in {pair.Value}").ToHashSet(StringComparer.Ordinal);
        var there = found.Select(pair => $"{pair.Tensor} in {pair.File}").ToHashSet(StringComparer.Ordinal);
        string[] missing = [.. listed.Except(there).Order(StringComparer.Ordinal)];
        string[] unknown = [.. there.Except(listed).Order(StringComparer.Ordinal)];
        if (missing.Length + unknown.Length > 0)
            throw new InvalidDataException($"Expected the tensors that {Index} lists; missing: {string.Join(", ", missing)}; unknown: {string.Join(", ", unknown)}.");
    }
}
