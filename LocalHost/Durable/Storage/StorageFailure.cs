using Azure;

namespace LocalHost.Durable.Storage;

/// <summary>What a storage client throws where the storage refuses, is away or does not answer in time.</summary>
internal static class StorageFailure
{
    /// <summary>Whether the call failed, and was not called off by whoever asked for it.</summary>
    public static bool Is(Exception exception, CancellationToken asked = default) => exception switch
    {
        RequestFailedException or AggregateException or IOException => true,
        // A client that has waited for its time-out cancels the call itself.
        OperationCanceledException => !asked.IsCancellationRequested,
        _ => false,
    };
}
