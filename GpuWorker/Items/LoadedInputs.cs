using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;

namespace GpuWorker.Items;

/// <summary>What a work item refers to, read and verified.</summary>
/// <param name="StateParts">
/// The parts of the item's state by name (see <see cref="StatePartNames"/>): an update needs all that the manifest lists, the others all but optimiser and
/// counters; empty for pretraining.
/// </param>
/// <param name="StateKey">Names the state's content (the hash of its manifest), so that a loaded policy can be reused between items; null for none.</param>
internal sealed record LoadedInputs(IReadOnlyDictionary<string, StoredBytes> StateParts, string? StateKey)
{
    /// <summary>The reference policy's state, for a rollout that names one.</summary>
    public LoadedInputs? Reference { get; init; }

    /// <summary>The stage, for an item of several iterations.</summary>
    public LoadedStage? Stage { get; init; }

    /// <summary>The inputs of an item that refers to nothing.</summary>
    public static LoadedInputs None { get; } = new(new Dictionary<string, StoredBytes>(), null);

    /// <summary>The precision that the policy is stored and computed in. Default float32.</summary>
    public Precision Precision { get; init; }

    /// <summary>The weights, in one file or in shards.</summary>
    /// <exception cref="WorkFailedException">The state has none.</exception>
    public IReadOnlyList<StoredBytes> PolicyFiles()
    {
        StoredBytes[] shards = [.. StateParts.Where(part => StatePartNames.IsPolicy(part.Key)).OrderBy(part => part.Key, StringComparer.Ordinal).Select(part => part.Value)];
        return shards.Length > 0 ? shards : [Part(StatePartNames.Policy)];
    }

    /// <exception cref="WorkFailedException">The state has no such part.</exception>
    public StoredBytes Part(string name) => StateParts.TryGetValue(name, out var part)
        ? part
        : throw new WorkFailedException(
            WorkFailedException.CorruptState,
            $"Expected a state with a part '{name}', found {(StateParts.Count == 0 ? "no parts" : string.Join(", ", StateParts.Keys))}.");
}

/// <summary>What several iterations of a stage go by, beside the states.</summary>
internal sealed record LoadedStage(StageSetting Setting, ColocatedTask Task, StateManifest PolicyManifest, StateManifest StartManifest);
