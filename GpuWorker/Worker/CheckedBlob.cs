using Azure;
using Curriculum.Work;
using GpuWorker.Execution;

namespace GpuWorker.Worker;

/// <summary>Reads a blob and holds it to its hash.</summary>
internal static class CheckedBlob
{
    /// <summary>The blob's bytes.</summary>
    /// <exception cref="WorkFailedException">Of the kind given: the blob is missing or its bytes have another hash.</exception>
    public static async Task<ReadOnlyMemory<byte>> ReadAsync(
        WorkerStorage storage, BlobRef blob, string failureKind, CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> bytes;
        try
        {
            var stored = await storage.Blob(blob.Container, blob.Name).DownloadContentAsync(cancellationToken);
            bytes = stored.Value.Content.ToMemory();
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            throw new WorkFailedException(failureKind, $"Expected the blob {blob.Container}/{blob.Name} with SHA-256 {blob.Sha256}, found none.");
        }

        var found = CurriculumJson.Hash(bytes.Span);
        return found == blob.Sha256
            ? bytes
            : throw new WorkFailedException(failureKind, $"Expected SHA-256 {blob.Sha256} in {blob.Container}/{blob.Name}, found {found}.");
    }
}
