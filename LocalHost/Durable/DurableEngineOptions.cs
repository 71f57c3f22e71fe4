using Azure.Storage.Blobs;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LocalHost.Durable;

/// <summary>Which instances a host runs by their version (host.json <c>versionMatchStrategy</c>).</summary>
internal enum VersionMatch
{
    None,
    Strict,
    CurrentOrOlder,
}

/// <summary>What happens to the others (host.json <c>versionFailureStrategy</c>).</summary>
internal enum VersionFailure
{
    /// <summary>They stay as they are, for another host.</summary>
    Reject,
    Fail,
}

/// <summary>How a durable engine is run.</summary>
internal sealed record DurableEngineOptions
{
    public required string HubName { get; init; }

    public required BlobServiceClient Blobs { get; init; }

    /// <summary>The version of instances started without one; none by default.</summary>
    public string DefaultVersion { get; init; } = "";

    public VersionMatch VersionMatch { get; init; } = VersionMatch.None;

    public VersionFailure VersionFailure { get; init; } = VersionFailure.Reject;

    public int MaxConcurrentActivities { get; init; } = 16;

    public int MaxConcurrentOrchestrators { get; init; } = 16;

    /// <summary>How inputs, results and events become text.</summary>
    public DataConverter Converter { get; init; } = JsonDataConverter.Default;

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;

    /// <summary>Rebuilds every orchestrator from its history after every turn; off by default, as it is slow.</summary>
    public bool ChecksReplay { get; init; }
}
