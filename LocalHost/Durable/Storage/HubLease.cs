using Azure;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;

namespace LocalHost.Durable.Storage;

/// <summary>The right to run a task hub: a lease of 15 seconds on one blob, renewed every five.</summary>
/// <remarks>A holder that was a process of this machine and is gone is not waited for.</remarks>
internal sealed class HubLease(BlobContainerClient container, TimeProvider time)
{
    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan PollEvery = TimeSpan.FromSeconds(1);

    private readonly BlobClient _blob = container.GetBlobClient(BlobNames.Lease);
    private BlobLeaseClient? _lease;
    private long _renewed;

    /// <summary>Whether the lease, as far as this clock tells, still holds.</summary>
    public bool IsHeld => _lease is not null && time.GetElapsedTime(_renewed) < Duration;

    public string? Id => _lease?.LeaseId;

    /// <summary>Waits until the hub is free and takes it.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await CreateAsync(cancellationToken);
                var lease = _blob.GetBlobLeaseClient();
                var asked = time.GetTimestamp();
                await lease.AcquireAsync(Duration, cancellationToken: cancellationToken);
                (_lease, _renewed) = (lease, asked);
                await _blob.SetMetadataAsync(
                    LeaseHolder.OfThisProcess(), new BlobRequestConditions { LeaseId = lease.LeaseId }, cancellationToken);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status == 409)
            {
                if (await BreakIfDeadAsync(cancellationToken))
                    continue;
            }
            catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
            {
                // The storage is away: the hub is as good as taken.
            }

            await Task.Delay(PollEvery, time, cancellationToken);
        }
    }

    /// <summary>Renews the lease until it is lost or given up; returns when it no longer holds.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        while (IsHeld)
        {
            await Task.Delay(RenewEvery, time, cancellationToken);
            try
            {
                var asked = time.GetTimestamp();
                await _lease!.RenewAsync(cancellationToken: cancellationToken);
                _renewed = asked;
            }
            catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
            {
                _lease = null;
            }
            catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
            {
                // Tried again until the lease has run out.
            }
        }
    }

    public async Task ReleaseAsync()
    {
        if (_lease is not { } lease)
            return;
        _lease = null;
        try
        {
            await lease.ReleaseAsync(cancellationToken: CancellationToken.None);
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
        {
            // It runs out by itself.
        }
    }

    private async Task CreateAsync(CancellationToken cancellationToken)
    {
        await container.CreateIfNotExistsAsync(cancellationToken: cancellationToken);
        if (!await _blob.ExistsAsync(cancellationToken))
        {
            try
            {
                await _blob.UploadAsync(BinaryData.Empty, overwrite: false, cancellationToken);
            }
            catch (RequestFailedException exception) when (exception.Status == 409)
            {
                // Another host was faster.
            }
        }
    }

    private async Task<bool> BreakIfDeadAsync(CancellationToken cancellationToken)
    {
        try
        {
            BlobProperties found = await _blob.GetPropertiesAsync(cancellationToken: cancellationToken);
            if (!LeaseHolder.IsDead(found.Metadata))
                return false;
            await _blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, new() { IfMatch = found.ETag }, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is RequestFailedException or AggregateException or IOException)
        {
            // Taken by another meanwhile, or the storage is away.
            return false;
        }
    }
}
