using Azure.Storage.Blobs;
using LocalHost.Durable;
using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LocalHost.Hosting;

/// <summary>Makes the app's durable engine from the host's settings.</summary>
internal static class DurableHost
{
    public static DurableEngine Create(
        HostSettings settings, DurableFunctions functions, DataConverter converter, BlobServiceClient storage, TimeProvider time, ILoggerFactory loggers) =>
        new(
            new DurableEngineOptions
            {
                HubName = settings.HubName,
                Blobs = storage,
                DefaultVersion = settings.Versions.Default,
                VersionMatch = settings.Versions.Match,
                VersionFailure = settings.Versions.Failure,
                MaxConcurrentActivities = settings.MaxActivities,
                MaxConcurrentOrchestrators = settings.MaxOrchestrators,
                Converter = converter,
                Time = time,
                LoggerFactory = loggers,
            },
            functions);
}
