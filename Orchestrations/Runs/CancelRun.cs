using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>DELETE /api/runs/{id}</c>: asks a run to stop; it stops at the next progress mark and still concludes.</summary>
public sealed class CancelRun(RunReader reader, JsonBlobs blobs)
{
    [Function(nameof(CancelRun))]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "delete", Route = "runs/{id}")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        string id,
        CancellationToken cancellationToken)
    {
        if (await reader.FindAsync(client, id, withArms: false, cancellationToken) is not { } status)
            return ProblemDetail.UnknownRun(id);
        if (status.State is "completed" or "failed" or "canceled")
            return ProblemDetail.Of(409, "The run has ended.", $"Expected a run that is pending or running; {id} is {status.State}.");
        await WishAsync(id, RunWish.Cancel, "Canceled by a request.", cancellationToken);
        return new JsonReply<RunStatus>(202, status with { State = "canceling" }, OrchestrationsJson.Default.RunStatus);
    }

    /// <summary>Changes the control blob under its ETag, so that no wish overwrites another unseen.</summary>
    private async Task WishAsync(string run, RunWish wish, string reason, CancellationToken cancellationToken)
    {
        var blob = blobs.Blob(StorageNames.RunsContainer, StorageNames.Control(run));
        while (true)
        {
            var (version, condition) = (1, new BlobRequestConditions { IfNoneMatch = ETag.All });
            if (await blob.ExistsAsync(cancellationToken))
            {
                var stored = await blob.DownloadContentAsync(cancellationToken);
                var control = JsonSerializer.Deserialize(stored.Value.Content.ToMemory().Span, CurriculumJson.Default.RunControl)!;
                if (control.Wish == RunWish.Cancel)
                    return;
                (version, condition) = (control.Version + 1, new BlobRequestConditions { IfMatch = stored.Value.Details.ETag });
            }

            try
            {
                var next = new RunControl { Version = version, Wish = wish, Reason = reason };
                await blob.UploadAsync(
                    BinaryData.FromBytes(JsonSerializer.SerializeToUtf8Bytes(next, CurriculumJson.Default.RunControl)),
                    new BlobUploadOptions { Conditions = condition },
                    cancellationToken);
                return;
            }
            catch (RequestFailedException failure) when (failure.Status is 409 or 412)
            {
                // Another wish came first: read it and decide again.
            }
        }
    }
}
