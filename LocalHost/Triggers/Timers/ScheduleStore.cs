using System.Text.Json;
using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.Functions.Worker;

namespace LocalHost.Triggers.Timers;

/// <summary>Keeps each schedule's last and next firing in the host's storage, where the official host keeps them.</summary>
internal sealed class ScheduleStore(BlobServiceClient storage)
{
    private readonly BlobContainerClient _container = storage.GetBlobContainerClient("azure-webjobs-hosts");

    public async Task<ScheduleStatus?> ReadAsync(string function, CancellationToken cancellationToken)
    {
        try
        {
            var read = await Blob(function).DownloadContentAsync(cancellationToken);
            return read.Value.Content.ToObjectFromJson<ScheduleStatus>();
        }
        catch (RequestFailedException e) when (e.Status == 404)
        {
            return null;
        }
    }

    public async Task WriteAsync(string function, ScheduleStatus status, CancellationToken cancellationToken)
    {
        await _container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        await Blob(function).UploadAsync(new BinaryData(JsonSerializer.SerializeToUtf8Bytes(status)), overwrite: true, cancellationToken);
    }

    private BlobClient Blob(string function) => _container.GetBlobClient($"timers/local/{function}/status");
}
