using Microsoft.Extensions.Configuration;

namespace LocalHost.Hosting;

/// <summary>Settings of this host alone, under <c>LocalHost</c>; unknown ones are refused.</summary>
internal sealed record LocalSettings
{
    /// <summary>The port on the loopback address; 0 for any free one.</summary>
    public int? Port { get; init; }

    /// <summary>A file that receives the host's URL once it listens.</summary>
    public string? UrlFile { get; init; }

    /// <summary>A file that receives the host's function key, readable by its owner alone.</summary>
    public string? KeyFile { get; init; }

    /// <summary>The host's function key; without it one is made and kept in the host's storage.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>Stops the host once its standard input ends, which it does with the process that holds the other end.</summary>
    public bool ExitWhenInputCloses { get; init; }

    public int MinPollMilliseconds { get; init; } = 20;

    /// <summary>How long a request waits for a task hub that another host runs, before it is answered 503.</summary>
    public double HubPatienceSeconds { get; init; } = 20;

    public int QueueLeaseSeconds { get; init; } = 30;

    /// <summary>How long the storage may take to answer one request before it is made again; the hub's lease has four seconds.</summary>
    public double StorageTimeoutSeconds { get; init; } = 30;

    public static LocalSettings Read(IConfiguration configuration)
    {
        try
        {
            var settings = configuration.GetSection("LocalHost").Get<LocalSettings>(o => o.ErrorOnUnknownConfiguration = true) ?? new();
            return settings.StorageTimeoutSeconds is >= 0.1 and <= 600
                ? settings
                : throw new HostSettingsException(FormattableString.Invariant(
                    $"Expected LocalHost:StorageTimeoutSeconds to be from 0.1 to 600 and found {settings.StorageTimeoutSeconds}."));
        }
        catch (InvalidOperationException e)
        {
            throw new HostSettingsException($"The settings under LocalHost cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }
}
