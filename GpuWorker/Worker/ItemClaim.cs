using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Curriculum.Work;

namespace GpuWorker.Worker;

/// <summary>This worker's claim on an item, <c>work/{id}/claim</c>.</summary>
internal sealed class ItemClaim(BlobClient blob, string worker, TimeProvider time)
{
    private WorkClaim? _claim;

    public bool IsWritten { get; private set; }

    /// <summary>The stored claim, whoever wrote it; null if there is none or it cannot be read.</summary>
    public async Task<WorkClaim?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            var stored = await blob.DownloadContentAsync(cancellationToken);
            return JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, CurriculumJson.Default.WorkClaim);
        }
        catch (RequestFailedException fault) when (fault.Status == 404)
        {
            return null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Begins the claim; <paramref name="earlier"/> is the stored one, whose error is carried over.</summary>
    /// <remarks>Written at once only where that is asked for: an item of a moment ends before anyone could read its claim.</remarks>
    public Task StartAsync(WorkClaim? earlier, bool write, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        _claim = new() { Worker = worker, StartedAt = now, LastProgress = now, LastError = earlier?.LastError };
        return write ? WriteAsync(_claim, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>Writes the claim as it was begun.</summary>
    public Task WriteAsync(CancellationToken cancellationToken) => WriteAsync(Started, cancellationToken);

    /// <summary>Writes that the computation made progress.</summary>
    public Task BeatAsync(Heartbeat heartbeat, CancellationToken cancellationToken) =>
        WriteAsync(Started with { LastProgress = heartbeat.At, Progress = heartbeat.Share }, cancellationToken);

    /// <summary>Writes that the item was abandoned. Does nothing if the claim was never written.</summary>
    public Task ReleaseAsync(CancellationToken cancellationToken) =>
        _claim is null || !IsWritten ? Task.CompletedTask : WriteAsync(_claim with { Released = true }, cancellationToken);

    /// <summary>Writes that an attempt ended, and how.</summary>
    public Task FailAsync(string error, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var claim = _claim ?? new() { Worker = worker, StartedAt = now, LastProgress = now };
        return WriteAsync(claim with { Released = true, LastError = error }, cancellationToken);
    }

    private WorkClaim Started => _claim ?? throw new InvalidOperationException("The claim was not started.");

    private async Task WriteAsync(WorkClaim claim, CancellationToken cancellationToken)
    {
        (_claim, IsWritten) = (claim, true);
        await blob.UploadAsync(
            BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(claim, CurriculumJson.Default.WorkClaim)), overwrite: true, cancellationToken);
    }
}
