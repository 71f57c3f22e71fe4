using GpuWorker.Checkpoints;
using GpuWorker.Items;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Adds missing characters to a character-level policy: markers and tags that its base was never trained on.</summary>
/// <remarks>
/// A new row of the embedding, and of an untied output matrix, is the mean of the rows there: a neutral start that is rarely the likeliest token.
/// A pure function of the state, so every worker extends it alike. Other tokenizers can spell any marker, and their policies are left unchanged.
/// </remarks>
internal static class VocabularyExtension
{
    private static readonly string[] Tables = ["model.embed_tokens.weight", "lm_head.weight"];

    /// <summary>The inputs with config and policy of the wider vocabulary; the same ones where nothing is missing.</summary>
    /// <exception cref="WorkFailedException">The state is corrupt.</exception>
    public static LoadedInputs Of(LoadedInputs inputs, string? characters)
    {
        if (string.IsNullOrEmpty(characters))
            return inputs;
        try
        {
            var config = PolicyConfig.Read(inputs.Part(StatePartNames.Config).ToArray());
            if (config.Characters is not { } known)
                return inputs;
            var missing = string.Concat(characters.Distinct().Where(character => !known.Contains(character, StringComparison.Ordinal)));
            return missing.Length == 0 ? inputs : Extended(inputs, config, missing);
        }
        catch (InvalidDataException error)
        {
            throw new WorkFailedException(WorkFailedException.CorruptState, $"The item's state cannot be read: {error.Message}", error);
        }
    }

    private static LoadedInputs Extended(LoadedInputs inputs, PolicyConfig config, string missing)
    {
        // Ids are positions in the characters, so rows without a character would shift them.
        if (config.VocabSize != config.Characters!.Length)
            throw new InvalidDataException($"Expected as many characters as vocab_size ({config.VocabSize}) in a policy whose vocabulary is to be extended, found {config.Characters.Length}.");
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var stored = inputs.PolicyFiles().SelectMany(SafetensorsFile.Read).ToDictionary(StringComparer.Ordinal);
        foreach (var name in Tables.Where(stored.ContainsKey))
        {
            var tableVC = TensorBytes.Load(stored[name]);
            stored[name] = TensorBytes.Save(cat([tableVC, tableVC.mean([0], keepdim: true).to(tableVC.dtype).expand(missing.Length, tableVC.shape[1])]).contiguous());
        }

        var parts = inputs.StateParts.Where(part => !StatePartNames.IsPolicy(part.Key)).ToDictionary(StringComparer.Ordinal);
        parts[StatePartNames.Config] = (config with { Characters = config.Characters + missing, VocabSize = config.VocabSize + missing.Length }).ToBytes();
        parts[StatePartNames.Policy] = SafetensorsFile.Write(stored);
        return inputs with { StateParts = parts, StateKey = inputs.StateKey is { } key ? $"{key}+{missing}" : null };
    }
}
