using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Telemetry;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Writes states to blob storage: the parts, named by hash, then the manifest.</summary>
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
        foreach (var (name, bytes) in state.Own.Where(part => state.Manifest.Parts[part.Key].Text is null))
        {
            await WritePartAsync(state.Folder, state.Manifest.Parts[name], bytes, cancellationToken);
            await written();
        }

        return await WriteManifestAsync(state.Folder, state.Manifest, cancellationToken);
    }

    /// <summary>Writes a state into its folder, in the place of one of other numerics that an item without a result left there.</summary>
    public async Task ReplaceAsync(NamedState state, Func<Task> written, CancellationToken cancellationToken)
    {
        if (await WriteAsync(state, written, cancellationToken) == state.Ref)
            return;
        await storage.Blob(StorageNames.RunsContainer, StorageNames.Manifest(state.Folder)).UploadAsync(
            BinaryData.FromBytes(state.ManifestBytes), overwrite: true, cancellationToken);
    }

    /// <summary>Writes one part; writing it again changes nothing.</summary>
    public async Task<StatePart> WritePartAsync(string folder, string name, StoredBytes bytes, CancellationToken cancellationToken)
    {
        var part = NamedState.Name(name, bytes);
        await WritePartAsync(folder, part, bytes, cancellationToken);
        return part;
    }

    /// <summary>Writes the manifest of a state whose parts are all there.</summary>
    public async Task<StateRef> WriteManifestAsync(string folder, StateManifest state, CancellationToken cancellationToken)
    {
        var manifest = JsonSerializer.SerializeToUtf8Bytes(state, CurriculumJson.Default.StateManifest);
        var own = Sha256Hex.Of(manifest);
        if (!await CreateAsync(StorageNames.Manifest(folder), manifest, cancellationToken))
        {
            var blob = storage.Blob(StorageNames.RunsContainer, StorageNames.Manifest(folder));
            var stored = await blob.DownloadContentAsync(cancellationToken);
            var standing = Sha256Hex.Of(stored.Value.Content.ToMemory().Span);
            if (standing != own)
                log.StateStands(folder, standing, own);
            return new(StorageNames.RunsContainer, folder, standing);
        }

        cache.Add(own, manifest);
        return new(StorageNames.RunsContainer, folder, own);
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
