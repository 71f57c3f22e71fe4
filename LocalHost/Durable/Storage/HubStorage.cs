using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace LocalHost.Durable.Storage;

/// <summary>A hub's blobs, for as long as the hub is this host's.</summary>
internal sealed class HubStorage(BlobContainerClient container, TimeProvider time, Func<bool> isOurs, CancellationToken lost)
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(2);

    public BlobContainerClient Container => container;

    public CancellationToken Lost => lost;

    /// <summary>Repeats what fails for want of the storage until it works or the hub is lost.</summary>
    public async Task<T> WithPatienceAsync<T>(Func<CancellationToken, Task<T>> act)
    {
        for (var pause = FirstRetry; ; pause = pause * 2 < LongestRetry ? pause * 2 : LongestRetry)
        {
            EnsureOurs();
            try
            {
                return await act(lost);
            }
            catch (OperationCanceledException) when (lost.IsCancellationRequested)
            {
                EnsureOurs();
                throw;
            }
            catch (Exception exception) when (IsOutage(exception))
            {
                await Task.Delay(pause, time, CancellationToken.None);
            }
        }
    }

    public void EnsureOurs()
    {
        if (lost.IsCancellationRequested || !isOurs())
            throw new HubLostException("The lease on the task hub is gone: another host may have it.");
    }

    /// <summary>Deletes a generation's history and payloads; the history goes last, for it is what a later attempt finds.</summary>
    public async Task DeleteAsync(string instanceId, int generation)
    {
        await WithPatienceAsync(async cancellation =>
        {
            var payloads = BlobNames.PayloadsOf(instanceId, generation);
            await foreach (var blob in container.GetBlobsAsync(
                BlobTraits.None, BlobStates.None, payloads, cancellation))
                await container.DeleteBlobIfExistsAsync(blob.Name, cancellationToken: cancellation);
            return await container.DeleteBlobIfExistsAsync(
                BlobNames.History(instanceId, generation), cancellationToken: cancellation);
        });
    }

    // Where the storage cannot be reached at all the client throws an AggregateException of its attempts.
    private static bool IsOutage(Exception exception) => exception switch
    {
        RequestFailedException failed => failed.Status is 0 or 408 or 429 or >= 500,
        AggregateException many => many.InnerExceptions.All(IsOutage),
        IOException or TaskCanceledException => true,
        _ => false,
    };
}
