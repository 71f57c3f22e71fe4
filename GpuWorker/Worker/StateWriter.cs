using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Writes states to blob storage: the parts, named by hash, then the manifest.</summary>
internal sealed class StateWriter(WorkerStorage storage, PartCache cache, ILogger<StateWriter> log)
{
    /// <summary>Writes a state into a folder of the <c>runs</c> container; writing it again changes nothing.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="parts">The parts to store.</param>
    /// <param name="shared">Parts of earlier states that this one lists too.</param>
    /// <param name="precision">What its policy is held in.</param>
    /// <param name="written">Called after each part.</param>
    /// <param name="cancellationToken">Stops the writing.</param>
    /// <remarks>
    /// Where the folder has a manifest of other parts, as two workers of different numerics make, the first is kept and returned.
    /// </remarks>
    public async Task<StateRef> WriteAsync(
        string folder, IReadOnlyDictionary<string, StoredBytes> parts, IReadOnlyDictionary<string, StatePart> shared, Precision precision,
        Func<Task> written, CancellationToken cancellationToken)
    {
        // Sorted, so that equal parts give an equal manifest.
        var listed = new SortedDictionary<string, StatePart>(shared.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, bytes) in parts)
        {
            listed.Add(name, await WritePartAsync(folder, name, bytes, cancellationToken));
            await written();
        }

        return await WriteManifestAsync(folder, new() { Parts = listed, Precision = precision }, cancellationToken);
    }

    /// <summary>Writes one part; writing it again changes nothing.</summary>
    public async Task<StatePart> WritePartAsync(string folder, string name, StoredBytes bytes, CancellationToken cancellationToken)
    {
        var hash = await HashAsync(bytes, cancellationToken);
        var part = new StatePart($"{name}-{hash}", hash, bytes.Length);
        await CreateAsync($"{folder}/{part.Name}", bytes, cancellationToken);
        cache.Add(hash, bytes);
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

    private static async Task<string> HashAsync(StoredBytes bytes, CancellationToken cancellationToken)
    {
        await using var stream = bytes.OpenRead();
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private async Task<bool> CreateAsync(string name, StoredBytes bytes, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = bytes.OpenRead();
            await storage.Blob(StorageNames.RunsContainer, name).UploadAsync(
                stream,
                new BlobUploadOptions
                {
                    Conditions = new() { IfNoneMatch = ETag.All },
                    TransferOptions = new() { InitialTransferSize = 64 << 20, MaximumTransferSize = 16 << 20, MaximumConcurrency = 2 },
                },
                cancellationToken);
            return true;
        }
        catch (RequestFailedException fault) when (StorageFault.AlreadyThere(fault))
        {
            return false;
        }
    }
}
