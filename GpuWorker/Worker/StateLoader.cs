using System.Text.Json;
using Azure;
using Curriculum.Work;
using GpuWorker.Execution;

namespace GpuWorker.Worker;

/// <summary>Reads states from blob storage, every byte checked against its hash, and keeps them in the cache.</summary>
internal sealed class StateLoader(WorkerStorage storage, PartCache cache)
{
    /// <summary>Reads a state's config, policy, and whichever of the other wanted parts its manifest lists.</summary>
    /// <param name="state">The state.</param>
    /// <param name="wanted">Parts to read beside config and policy.</param>
    /// <param name="loaded">Called after each part.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    /// <exception cref="WorkFailedException">A blob is missing or is not what its hash says: <c>corrupt-state</c>, named.</exception>
    public async Task<IReadOnlyDictionary<string, ReadOnlyMemory<byte>>> LoadAsync(
        StateRef state, IReadOnlyList<string> wanted, Func<Task> loaded, CancellationToken cancellationToken)
    {
        var manifest = await ReadManifestAsync(state, cancellationToken);
        var parts = new Dictionary<string, ReadOnlyMemory<byte>>(StringComparer.Ordinal);
        foreach (var name in (string[])[StatePartNames.Config, StatePartNames.Policy, .. wanted])
        {
            if (!manifest.Parts.TryGetValue(name, out var part))
            {
                if (name is StatePartNames.Config or StatePartNames.Policy)
                    throw Corrupt($"Expected the part '{name}' in {state.Container}/{StorageNames.Manifest(state.Folder)}, found {string.Join(", ", manifest.Parts.Keys)}.");
                continue;
            }

            var bytes = await ReadAsync(state.Container, $"{state.Folder}/{part.Name}", part.Sha256, cancellationToken);
            if (bytes.Length != part.Bytes)
                throw Corrupt($"Expected {part.Bytes} bytes in {state.Container}/{state.Folder}/{part.Name}, found {bytes.Length}.");
            parts.Add(name, bytes);
            await loaded();
        }

        return parts;
    }

    private async Task<StateManifest> ReadManifestAsync(StateRef state, CancellationToken cancellationToken)
    {
        var name = StorageNames.Manifest(state.Folder);
        var bytes = await ReadAsync(state.Container, name, state.Manifest, cancellationToken);
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, CurriculumJson.Default.StateManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            throw Corrupt($"Expected a manifest in {state.Container}/{name}: {fault.Message}");
        }
    }

    private async Task<ReadOnlyMemory<byte>> ReadAsync(string container, string name, string hash, CancellationToken cancellationToken)
    {
        if (cache.TryGet(hash, out var kept))
            return kept;
        var bytes = await CheckedBlob.ReadAsync(storage, new(container, name, hash), WorkFailedException.CorruptState, cancellationToken);
        cache.Add(hash, bytes);
        return bytes;
    }

    private static WorkFailedException Corrupt(string message) => new(WorkFailedException.CorruptState, message);
}
