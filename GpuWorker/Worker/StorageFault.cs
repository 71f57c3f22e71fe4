using Azure;

namespace GpuWorker.Worker;

/// <summary>Tells faults of the storage, which pass, from faults of an item, which stay.</summary>
internal static class StorageFault
{
    /// <summary>Whether trying later may help: no answer, a time-out, throttling or a server error.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        RequestFailedException answered => answered.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.Count > 0 && several.InnerExceptions.All(IsTransient),
        // A cancellation that nobody asked for is the client's own network time-out.
        IOException or TimeoutException or TaskCanceledException => true,
        _ => false,
    };

    /// <summary>Whether a write with If-None-Match found the blob there.</summary>
    public static bool AlreadyThere(RequestFailedException fault) => fault.Status is 409 or 412;
}
