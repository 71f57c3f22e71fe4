using Azure;
using Azure.Storage.Blobs;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Newtonsoft.Json;

namespace LocalHost.Functions;

/// <summary>Keeps in blobs when timers last ran, as the official host does; the monitor of the timers' package does not fit the storage package beside it.</summary>
internal sealed class ScheduleBlobs(BlobContainerClient container, string host) : ScheduleMonitor
{
    public override async Task<ScheduleStatus> GetStatusAsync(string timerName)
    {
        try
        {
            var stored = await Blob(timerName).DownloadContentAsync();
            return JsonConvert.DeserializeObject<ScheduleStatus>(stored.Value.Content.ToString())!;
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            // The extension takes this for a timer that has not run yet.
            return null!;
        }
    }

    public override async Task UpdateStatusAsync(string timerName, ScheduleStatus status)
    {
        await container.CreateIfNotExistsAsync();
        await Blob(timerName).UploadAsync(BinaryData.FromString(JsonConvert.SerializeObject(status)), overwrite: true);
    }

    private BlobClient Blob(string timer) => container.GetBlobClient($"timers/{host}/{timer}/status");
}
