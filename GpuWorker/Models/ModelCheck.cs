using Curriculum.Texts;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using GpuWorker.Tokenizers;

namespace GpuWorker.Models;

/// <summary>Holds a model's files against its config.json: its tokenizer, and tensor by tensor, a block in memory at a time.</summary>
internal static class ModelCheck
{
    /// <summary>The model's configuration, all its tensors found to be there, of the right shape and finite.</summary>
    /// <param name="config">The bytes of config.json.</param>
    /// <param name="shards">The weights by file name.</param>
    /// <param name="index">The index's bytes; null for a single file.</param>
    /// <param name="texts">The other files.</param>
    /// <param name="moved">Called after each tensor.</param>
    /// <exception cref="InvalidDataException">The tokenizer cannot be used with it, or something is missing, unknown, misshapen or not finite: all of one kind are listed.</exception>
    public static async Task<PolicyConfig> RunAsync(
        byte[] config, IReadOnlyList<(string File, StoredBytes Bytes)> shards, byte[]? index, ModelTexts texts, Func<Task> moved)
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
            if (!FiniteNumbers.All(tensor))
                unfit.Add(name);
            await moved();
        }

        return unfit.Count == 0
            ? read
            : throw new InvalidDataException($"Expected finite parameters, found some that are not in {string.Join(", ", unfit.Order(StringComparer.Ordinal))}.");
    }

    // As the first rollout will read it: a run is to end before it has begun, not then.
    private static void CheckTokenizer(ModelTexts texts, PolicyConfig config)
    {
        var read = texts.ReadTokenizer(config.Ends);
        if (read.Highest >= config.VocabSize)
            throw new InvalidDataException($"Expected a tokenizer.json with ids below config.json's vocab_size of {config.VocabSize}, found {read.Highest}: they are of different models.");
        if (read.Ends.Any(id => id >= config.VocabSize))
            throw new InvalidDataException($"Expected end tokens below config.json's vocab_size of {config.VocabSize}, found {read.Ends.First(id => id >= config.VocabSize)}, which the model cannot write: set eos_token_id in config.json, and in generation_config.json where it names one too.");
    }
}
