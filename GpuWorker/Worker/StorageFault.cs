using Azure;

namespace GpuWorker.Worker;

/// <summary>Tells transient storage faults from permanent faults of an item.</summary>
internal static class StorageFault
{
    /// <summary>Whether a retry may help: no answer, a time-out, throttling or a server error.</summary>
    public static bool IsTransient(Exception fault) => fault switch
    {
        RequestFailedException answered => answered.Status is 0 or 408 or 429 or >= 500,
        AggregateException several => several.InnerExceptions.Count > 0 && several.InnerExceptions.All(IsTransient),
        // An unrequested cancellation is the client's own network timeout.
        IOException or TimeoutException or TaskCanceledException => true,
        _ => false,
    };

    /// <summary>Whether a write with If-None-Match found the blob there.</summary>
    public static bool AlreadyThere(RequestFailedException fault) => fault.Status is 409 or 412;
}
