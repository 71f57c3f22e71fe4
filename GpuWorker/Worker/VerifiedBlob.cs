using System.Security.Cryptography;
using Azure;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>Reads a blob and verifies its hash.</summary>
internal static class VerifiedBlob
{
    /// <summary>The blob's bytes.</summary>
    /// <exception cref="WorkFailedException">Of the kind given: the blob is missing or its bytes have another hash.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        WorkerStorage storage, BlobRef blob, string failureKind, CancellationToken cancellationToken)
    {
        var bytes = await DownloadAsync(storage, blob.Container, blob.Name, failureKind, cancellationToken);
        var found = Sha256Hex.Of(bytes.Span);
        return found == blob.Sha256
            ? bytes
            : throw new WorkFailedException(failureKind, $"Expected SHA-256 {blob.Sha256} in {blob.Container}/{blob.Name}, found {found}.");
    }

    /// <summary>The blob's bytes, whatever they are.</summary>
    /// <exception cref="WorkFailedException">Of the kind given: there is none.</exception>
    public static async Task<ReadOnlyMemory<byte>> DownloadAsync(
        WorkerStorage storage, string container, string name, string failureKind, CancellationToken cancellationToken)
    {
        try
        {
            return (await storage.Blob(container, name).DownloadContentAsync(cancellationToken)).Value.Content.ToMemory();
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            throw new WorkFailedException(failureKind, $"Expected the blob {container}/{name}, found none.");
        }
    }

    /// <summary>A large blob's bytes, in an unnamed file: they are hashed as they come, and no more than a block is in memory.</summary>
    /// <exception cref="WorkFailedException">Of the kind given: the blob is missing or its bytes have another hash.</exception>
    public static async Task<StoredBytes> ReadLargeAsync(
        WorkerStorage storage, BlobRef blob, string failureKind, Func<Task> moved, CancellationToken cancellationToken)
    {
        var (bytes, found) = await DownloadAsync(storage, blob.Container, blob.Name, failureKind, moved, cancellationToken);
        return found == blob.Sha256
            ? bytes
            : throw new WorkFailedException(failureKind, $"Expected SHA-256 {blob.Sha256} in {blob.Container}/{blob.Name}, found {found}.");
    }

    /// <summary>A blob of any size and its SHA-256.</summary>
    public static async Task<(StoredBytes Bytes, string Sha256)> DownloadAsync(
        WorkerStorage storage, string container, string name, string failureKind, Func<Task> moved, CancellationToken cancellationToken)
    {
        var file = StoredBytes.ScratchFile();
        try
        {
            using var stored = (await storage.Blob(container, name).DownloadStreamingAsync(cancellationToken: cancellationToken)).Value;
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var block = new byte[1 << 20];
            for (var (read, sinceHeartbeat) = (0, 0L); (read = await stored.Content.ReadAsync(block, cancellationToken)) > 0;)
            {
                hash.AppendData(block, 0, read);
                await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
                if ((sinceHeartbeat += read) >= StoredBytes.FileFrom)
                {
                    sinceHeartbeat = 0;
                    await moved();
                }
            }

            await file.FlushAsync(cancellationToken);
            return (StoredBytes.Of(file), Convert.ToHexStringLower(hash.GetHashAndReset()));
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            await file.DisposeAsync();
            throw new WorkFailedException(failureKind, $"Expected the blob {container}/{name}, found none.");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
