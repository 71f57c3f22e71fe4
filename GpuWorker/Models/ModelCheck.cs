using GpuWorker.Checkpoints;
using GpuWorker.Policies;

namespace GpuWorker.Models;

/// <summary>Holds a model's files against its config.json, tensor by tensor, a block in memory at a time.</summary>
internal static class ModelCheck
{
    /// <summary>The model's configuration, all its tensors found to be there, of the right shape and finite.</summary>
    /// <param name="config">The bytes of config.json.</param>
    /// <param name="shards">The weights by file name.</param>
    /// <param name="index">The index's bytes; null for a single file.</param>
    /// <param name="moved">Called after each tensor.</param>
    /// <exception cref="InvalidDataException">Something is missing, unknown, misshapen or not finite: all of one kind are listed.</exception>
    public static async Task<PolicyConfig> RunAsync(
        byte[] config, IReadOnlyList<(string File, StoredBytes Bytes)> shards, byte[]? index, Func<Task> moved)
    {
        var read = PolicyConfig.Read(config);
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
}
