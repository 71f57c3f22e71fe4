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
        // The parts within each state blob that was read on the way, by its name.
        Dictionary<string, ReadOnlyMemory<byte>> read = new(StringComparer.Ordinal);
        var manifest = await ReadManifestAsync(state, read, cancellationToken);
        if (!manifest.Parts.ContainsKey(StatePartNames.Config) || !manifest.Parts.Keys.Any(StatePartNames.IsPolicy))
            throw Corrupt($"Expected the parts '{StatePartNames.Config}' and '{StatePartNames.Policy}' in {state.Container}/{StorageNames.StateBlob(state.Folder)}, found {string.Join(", ", manifest.Parts.Keys)}.");

        var parts = new Dictionary<string, StoredBytes>(StringComparer.Ordinal);
        foreach (var (name, part) in manifest.Parts)
        {
            if (name is StatePartNames.Optimizer or StatePartNames.Counters or StatePartNames.Values && !wanted.Contains(name))
                continue;
            if (!cache.TryGet(part.Sha256, out var bytes))
                cache.Add(part.Sha256, bytes = await ReadAsync(state, part, read, loaded, cancellationToken));
            if (bytes.Length != part.Bytes)
                throw Corrupt($"Expected {part.Bytes} bytes of the part '{name}' in {state.Container}/{part.Blob(state.Folder)}, found {bytes.Length}.");
            parts.Add(name, bytes);
            await loaded();
        }

        return new(parts, manifest);
    }

    /// <summary>Reads a state's manifest.</summary>
    /// <exception cref="WorkFailedException">It is missing or not what its hash says.</exception>
    public Task<StateManifest> ReadManifestAsync(StateRef state, CancellationToken cancellationToken) => ReadManifestAsync(state, [], cancellationToken);

    private async Task<StateManifest> ReadManifestAsync(StateRef state, Dictionary<string, ReadOnlyMemory<byte>> read, CancellationToken cancellationToken)
    {
        var name = StorageNames.StateBlob(state.Folder);
        if (!cache.TryGet(state.Manifest, out var bytes))
        {
            var (manifest, parts) = StateBlob.Split(await VerifiedBlob.DownloadAsync(storage, state.Container, name, WorkFailedException.CorruptState, cancellationToken));
            if (Sha256Hex.Of(manifest.Span) is var found && found != state.Manifest)
                throw Corrupt($"Expected a manifest of SHA-256 {state.Manifest} in {state.Container}/{name}, found {found}.");
            read[name] = parts;
            cache.Add(state.Manifest, bytes = manifest.ToArray());
        }

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
        StateRef state, StatePart part, Dictionary<string, ReadOnlyMemory<byte>> read, Func<Task> moved, CancellationToken cancellationToken)
    {
        BlobRef blob = new(state.Container, part.Blob(state.Folder), part.Sha256);
        if (part.Start is null)
        {
            return part.Bytes < StoredBytes.FileFrom
                ? await VerifiedBlob.ReadAsync(storage, blob, WorkFailedException.CorruptState, cancellationToken)
                : await VerifiedBlob.ReadLargeAsync(storage, blob, WorkFailedException.CorruptState, moved, cancellationToken);
        }

        if (!read.TryGetValue(blob.Name, out var parts))
            read[blob.Name] = parts = StateBlob.Split(await VerifiedBlob.DownloadAsync(storage, blob.Container, blob.Name, WorkFailedException.CorruptState, cancellationToken)).Parts;
        // A copy, so that the parts which nobody wants are not kept with it.
        var bytes = StateBlob.Slice(parts, part).ToArray();
        return Sha256Hex.Of(bytes) is var found && found == part.Sha256
            ? bytes
            : throw Corrupt($"Expected SHA-256 {part.Sha256} of {part.Name} in {blob.Container}/{blob.Name}, found {found}.");
    }

    private static WorkFailedException Corrupt(string message) => new(WorkFailedException.CorruptState, message);
}

/// <summary>A state's parts and its manifest.</summary>
internal sealed record LoadedState(IReadOnlyDictionary<string, StoredBytes> Parts, StateManifest Manifest);
