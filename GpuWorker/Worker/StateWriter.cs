using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Telemetry;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Writes states to blob storage: the large parts, named by hash, then the blob by which the state exists.</summary>
internal sealed class StateWriter(WorkerStorage storage, PartCache cache, ILogger<StateWriter> log)
{
    /// <summary>Writes a state into its folder; writing it again changes nothing.</summary>
    /// <param name="state">The state.</param>
    /// <param name="written">Called after each part.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <remarks>
    /// Where the folder has a manifest of other parts, as two workers of different numerics make, the first is kept and returned.
    /// </remarks>
    public async Task<StateRef> WriteAsync(NamedState state, Func<Task> written, CancellationToken cancellationToken)
    {
        foreach (var (part, bytes) in state.Large)
        {
            await WritePartAsync(state.Folder, part, bytes, cancellationToken);
            await written();
        }

        var stored = await WriteBlobAsync(state.Folder, state.BlobBytes(), cancellationToken);
        if (stored == state.Ref)
        {
            foreach (var (part, bytes) in state.Small)
                cache.Add(part.Sha256, bytes);
        }

        return stored;
    }

    /// <summary>Writes a state into its folder, in the place of one of other numerics that an item without a result left there.</summary>
    public async Task ReplaceAsync(NamedState state, Func<Task> written, CancellationToken cancellationToken)
    {
        if (await WriteAsync(state, written, cancellationToken) == state.Ref)
            return;
        await storage.Blob(StorageNames.RunsContainer, StorageNames.StateBlob(state.Folder)).UploadAsync(
            BinaryData.FromBytes(state.BlobBytes()), overwrite: true, cancellationToken);
    }

    /// <summary>Writes one part as a blob of its own; writing it again changes nothing.</summary>
    public async Task<StatePart> WritePartAsync(string folder, string name, StoredBytes bytes, CancellationToken cancellationToken)
    {
        var part = NamedState.Name(name, bytes);
        await WritePartAsync(folder, part, bytes, cancellationToken);
        return part;
    }

    /// <summary>Writes the blob of a state whose parts are blobs of their own, and all there.</summary>
    public Task<StateRef> WriteManifestAsync(string folder, StateManifest state, CancellationToken cancellationToken) =>
        WriteBlobAsync(folder, JsonSerializer.SerializeToUtf8Bytes(state, CurriculumJson.Default.StateManifest), cancellationToken);

    private async Task<StateRef> WriteBlobAsync(string folder, byte[] bytes, CancellationToken cancellationToken)
    {
        var (name, manifest) = (StorageNames.StateBlob(folder), StateBlob.Split(bytes).Manifest.ToArray());
        StateRef own = new(StorageNames.RunsContainer, folder, Sha256Hex.Of(manifest));
        if (!await CreateAsync(name, bytes, cancellationToken))
        {
            var stored = await storage.Blob(own.Container, name).DownloadContentAsync(cancellationToken);
            var standing = own with { Manifest = Sha256Hex.Of(StateBlob.Split(stored.Value.Content.ToMemory()).Manifest.Span) };
            if (standing != own)
                log.StateStands(own.Folder, standing.Manifest, own.Manifest);
            return standing;
        }

        cache.Add(own.Manifest, manifest);
        return own;
    }

    private async Task WritePartAsync(string folder, StatePart part, StoredBytes bytes, CancellationToken cancellationToken)
    {
        await CreateAsync($"{folder}/{part.Name}", bytes, cancellationToken);
        cache.Add(part.Sha256, bytes);
    }

    private async Task<bool> CreateAsync(string name, StoredBytes bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = bytes.OpenRead();
            var length = stream.Length;
            await storage.Blob(StorageNames.RunsContainer, name).UploadAsync(
                stream,
                new BlobUploadOptions
                {
                    Conditions = new() { IfNoneMatch = ETag.All },
                    TransferOptions = new() { InitialTransferSize = 64 << 20, MaximumTransferSize = 16 << 20, MaximumConcurrency = 2 },
                },
                cancellationToken);
            WorkerMeasurements.Stored(length);
            return true;
        }
        catch (RequestFailedException fault) when (StorageFault.AlreadyThere(fault))
        {
            return false;
        }
    }
}
