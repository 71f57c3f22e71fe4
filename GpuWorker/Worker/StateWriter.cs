using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Writes states to blob storage: the parts, named by hash, then the manifest.</summary>
internal sealed class StateWriter(WorkerStorage storage, PartCache cache, ILogger<StateWriter> log)
{
    /// <summary>Writes a state into a folder of the <c>runs</c> container; writing it again changes nothing.</summary>
    /// <remarks>
    /// Where the folder has a manifest of other parts, as two workers of different numerics make, the first stands and is returned.
    /// </remarks>
    public async Task<StateRef> WriteAsync(
        string folder, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> parts, Func<Task> written, CancellationToken cancellationToken)
    {
        // Sorted, so that equal parts give an equal manifest.
        var listed = new SortedDictionary<string, StatePart>(StringComparer.Ordinal);
        foreach (var (name, bytes) in parts)
        {
            var hash = CurriculumJson.Hash(bytes.Span);
            listed.Add(name, new($"{name}-{hash}", hash, bytes.Length));
            await CreateAsync($"{folder}/{listed[name].Name}", bytes, cancellationToken);
            cache.Add(hash, bytes);
            await written();
        }

        var manifest = JsonSerializer.SerializeToUtf8Bytes(new StateManifest { Parts = listed }, CurriculumJson.Default.StateManifest);
        var own = CurriculumJson.Hash(manifest);
        if (!await CreateAsync(StorageNames.Manifest(folder), manifest, cancellationToken))
        {
            var blob = storage.Blob(StorageNames.RunsContainer, StorageNames.Manifest(folder));
            var stored = await blob.DownloadContentAsync(cancellationToken);
            var standing = CurriculumJson.Hash(stored.Value.Content.ToMemory().Span);
            if (standing != own)
                log.StateStands(folder, standing, own);
            return new(StorageNames.RunsContainer, folder, standing);
        }

        cache.Add(own, manifest);
        return new(StorageNames.RunsContainer, folder, own);
    }

    private async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await storage.Blob(StorageNames.RunsContainer, name).UploadAsync(
                BinaryData.FromBytes(bytes), new BlobUploadOptions { Conditions = new() { IfNoneMatch = ETag.All } }, cancellationToken);
            return true;
        }
        catch (RequestFailedException fault) when (StorageFault.AlreadyThere(fault))
        {
            return false;
        }
    }
}
