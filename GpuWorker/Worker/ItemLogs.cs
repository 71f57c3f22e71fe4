using System.Text.Json;
using Azure;
using Curriculum.Work;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Stores the lines of an item with which something was unusual, by one request; of all others nothing.</summary>
internal sealed class ItemLogs(WorkerStorage storage, WorkerOptions options, ILogger<ItemLogs> log)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    public async Task StoreAsync(ItemLines lines, WorkMessage message, Delivery delivery, ShutdownTokens shutdown)
    {
        // A worker that shuts down has no time for it.
        if (shutdown.Requested.IsCancellationRequested || !(lines.HasWarned || delivery.Count > 1 || message.IsRepeated))
            return;
        var told = lines.Of(options.Name, delivery.Count);
        if (told.Lines.Count == 0)
            return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(shutdown.Deadline);
        limit.CancelAfter(Limit);
        try
        {
            var bytes = JsonSerializer.SerializeToUtf8Bytes(told, CurriculumJson.Default.WorkLog);
            await storage.Blob(StorageNames.WorkContainer, StorageNames.Log(message.Id, delivery.Count, options.Name)).UploadAsync(BinaryData.FromBytes(bytes), overwrite: true, limit.Token);
        }
        catch (Exception fault) when (fault is RequestFailedException or OperationCanceledException or AggregateException)
        {
            log.LinesLost(message.Id, fault.Message);
        }
    }
}
