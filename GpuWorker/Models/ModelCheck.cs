using Curriculum.Texts;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;

namespace GpuWorker.Models;

/// <summary>Checks a model's tokenizer and tensors against its config.json, one block in memory at a time.</summary>
internal static class ModelCheck
{
    /// <summary>The model's configuration, once all its tensors are known to be present, of the right shape and finite.</summary>
    /// <param name="config">The bytes of config.json.</param>
    /// <param name="shards">The weights by file name.</param>
    /// <param name="index">The index's bytes; null for a single file.</param>
    /// <param name="texts">The other files.</param>
    /// <param name="moved">Called after each tensor.</param>
    /// <exception cref="InvalidDataException">The tokenizer cannot be used with it, or something is missing, unknown, misshapen or not finite: all of one kind are listed.</exception>
    public static async Task<PolicyConfig> RunAsync(
        byte[] config, IReadOnlyList<(string File, StoredBytes Bytes)> shards, byte[]? index, TokenizerFiles texts, Func<Task> moved)
    {
        var read = PolicyConfig.Read(config);
        if (texts.HasTokenizer)
            CheckTokenizer(texts, read);
        else if (read.Characters is null)
            throw new InvalidDataException(TokenizerRule.Missing);
        var tensors = CheckpointTensors.Read([.. shards.Select(shard => shard.Bytes)], new(read));
        if (index is not null)
            ModelFiles.CheckIndex(index, shards.SelectMany(shard => SafetensorsFile.Read(shard.Bytes).Keys.Select(name => (name, shard.File))));
        List<string> unfit = [];
        foreach (var (name, tensor) in tensors)
        {
            if (!FiniteCheck.All(tensor))
                unfit.Add(name);
            await moved();
        }

        return unfit.Count == 0
            ? read
            : throw new InvalidDataException($"Expected finite parameters, found others in {string.Join(", ", unfit.Order(StringComparer.Ordinal))}.");
    }

    // As the first rollout will read it: a bad tokenizer must fail the run before it starts, not then.
    private static void CheckTokenizer(TokenizerFiles texts, PolicyConfig config)
    {
        var read = texts.ReadTokenizer(config.EosTokenIds);
        if (read.HighestPromptId >= config.VocabSize)
            throw new InvalidDataException($"Expected a tokenizer.json with ids below config.json's vocab_size of {config.VocabSize}, found {read.HighestPromptId}: they are of different models.");
        if (read.EosTokenIds.Any(id => id >= config.VocabSize))
            throw new InvalidDataException($"Expected EOS tokens below config.json's vocab_size of {config.VocabSize}, found {read.EosTokenIds.First(id => id >= config.VocabSize)}, which the model cannot generate: correct eos_token_id in config.json (and in generation_config.json if it has one).");
    }
}
