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
    private static readonly TimeSpan RetryEvery = TimeSpan.FromSeconds(0.5);

    /// <summary>How long a call may take, its client's retries included: two without an answer leave room for a third within the term.</summary>
    private static readonly TimeSpan CallLimit = TimeSpan.FromSeconds(4);

    private readonly BlobClient _blob = container.GetBlobClient(BlobNames.Lease);
    private BlobLeaseClient? _lease;
    private long _renewed;

    /// <summary>Whether the lease, as far as this clock tells, still holds.</summary>
    public bool IsHeld => _lease is not null && time.GetElapsedTime(_renewed) < Duration;

    public string? Id => _lease?.LeaseId;

    /// <summary>Waits until the hub is free and takes it.</summary>
    public async Task AcquireAsync(CancellationToken cancellationToken)
    {
        // One id for all tries: a lease whose grant was not heard of is granted again.
        var lease = _blob.GetBlobLeaseClient();
        while (true)
        {
            try
            {
                await BrieflyAsync(CreateAsync, cancellationToken);
                var asked = time.GetTimestamp();
                await BrieflyAsync(token => lease.AcquireAsync(Duration, cancellationToken: token), cancellationToken);
                await BrieflyAsync(
                    token => _blob.SetMetadataAsync(
                        LeaseHolder.OfThisProcess(), new BlobRequestConditions { LeaseId = lease.LeaseId }, token),
                    cancellationToken);
                (_lease, _renewed) = (lease, asked);
                return;
            }
            catch (RequestFailedException exception) when (exception.Status == 409)
            {
                if (await BreakIfDeadAsync(cancellationToken))
                    continue;
            }
            catch (Exception exception) when (StorageFailure.Is(exception, cancellationToken))
            {
                // The storage is away: the hub is as good as taken.
            }

            await Task.Delay(PollEvery, time, cancellationToken);
        }
    }

    /// <summary>Renews the lease until it is lost or given up; returns when it no longer holds.</summary>
    public async Task HoldAsync(CancellationToken cancellationToken)
    {
        var pause = RenewEvery;
        while (IsHeld)
        {
            await Task.Delay(pause, time, cancellationToken);
            try
            {
                var asked = time.GetTimestamp();
                await BrieflyAsync(token => _lease!.RenewAsync(cancellationToken: token), cancellationToken);
                (_renewed, pause) = (asked, RenewEvery);
            }
            catch (RequestFailedException exception) when (exception.Status is 404 or 409 or 412)
            {
                _lease = null;
            }
            catch (Exception exception) when (StorageFailure.Is(exception, cancellationToken))
            {
                // Tried again until the lease has run out.
                pause = RetryEvery;
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
            await BrieflyAsync(token => lease.ReleaseAsync(cancellationToken: token), CancellationToken.None);
        }
        catch (Exception exception) when (StorageFailure.Is(exception))
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
            var dead = false;
            await BrieflyAsync(
                async token =>
                {
                    BlobProperties found = await _blob.GetPropertiesAsync(cancellationToken: token);
                    if (LeaseHolder.IsDead(found.Metadata))
                    {
                        await _blob.GetBlobLeaseClient().BreakAsync(TimeSpan.Zero, new() { IfMatch = found.ETag }, token);
                        dead = true;
                    }
                },
                cancellationToken);
            return dead;
        }
        catch (Exception exception) when (StorageFailure.Is(exception, cancellationToken))
        {
            // Taken by another meanwhile, or the storage is away.
            return false;
        }
    }

    private async Task BrieflyAsync(Func<CancellationToken, Task> call, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(CallLimit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        await call(both.Token);
    }
}
