using System.Text;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>Reads states from blob storage, every byte checked against its hash, and keeps them in the cache.</summary>
internal sealed class StateLoader(WorkerStorage storage, PartCache cache)
{
    /// <summary>Reads a state's parts: optimiser, counters and values only where they are wanted, all others always.</summary>
    /// <param name="state">The state.</param>
    /// <param name="wanted">Which of optimiser, counters and values to read, where the manifest lists them.</param>
    /// <param name="loaded">Called after each part, and from time to time within a large one.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="WorkFailedException">A blob is missing or is not what its hash says: <c>corrupt-state</c>, named.</exception>
    public async Task<LoadedState> LoadAsync(
        StateRef state, IReadOnlyList<string> wanted, Func<Task> loaded, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(state, cancellationToken);
        if (!manifest.Parts.ContainsKey(StatePartNames.Config) || !manifest.Parts.Keys.Any(StatePartNames.IsPolicy))
            throw Corrupt($"Expected the parts '{StatePartNames.Config}' and '{StatePartNames.Policy}' in {state.Container}/{StorageNames.Manifest(state.Folder)}, found {string.Join(", ", manifest.Parts.Keys)}.");

        var parts = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        foreach (var (name, part) in manifest.Parts)
        {
            if (name is StatePartNames.Optimizer or StatePartNames.Counters or StatePartNames.Values && !wanted.Contains(name))
                continue;
            if (part.Text is { } text)
            {
                parts.Add(name, Encoding.UTF8.GetBytes(text));
                continue;
            }

            var blob = part.Blob(state.Folder);
            var bytes = await ReadAsync(state.Container, blob, part.Sha256, part.Bytes, loaded, cancellationToken);
            if (bytes.Length != part.Bytes)
                throw Corrupt($"Expected {part.Bytes} bytes in {state.Container}/{blob}, found {bytes.Length}.");
            parts.Add(name, bytes);
            await loaded();
        }

        return new(parts, manifest);
    }

    /// <summary>Reads a state's manifest.</summary>
    /// <exception cref="WorkFailedException">It is missing or not what its hash says.</exception>
    public async Task<StateManifest> ReadManifestAsync(StateRef state, CancellationToken cancellationToken)
    {
        var name = StorageNames.Manifest(state.Folder);
        var bytes = await ReadAsync(state.Container, name, state.Manifest, 0, () => Task.CompletedTask, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(bytes.ToArray(), CurriculumJson.Default.StateManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw Corrupt($"Expected a manifest in {state.Container}/{name}: {JsonFault.Words(fault)}");
        }
    }

    private async Task<StoredBytes> ReadAsync(
        string container, string name, string hash, long length, Func<Task> moved, CancellationToken cancellationToken)
    {
        if (cache.TryGet(hash, out var kept))
            return kept;
        BlobRef blob = new(container, name, hash);
        var bytes = length < StoredBytes.FileFrom
            ? await VerifiedBlob.ReadAsync(storage, blob, WorkFailedException.CorruptState, cancellationToken)
            : await VerifiedBlob.ReadLargeAsync(storage, blob, WorkFailedException.CorruptState, moved, cancellationToken);
        cache.Add(hash, bytes);
        return bytes;
    }

    private static WorkFailedException Corrupt(string message) => new(WorkFailedException.CorruptState, message);
}

/// <summary>A state's parts and its manifest.</summary>
internal sealed record LoadedState(IReadOnlyDictionary<string, StoredBytes> Parts, StateManifest Manifest);
