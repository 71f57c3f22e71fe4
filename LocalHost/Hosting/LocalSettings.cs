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

    public static LocalSettings Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection("LocalHost").Get<LocalSettings>(o => o.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException e)
        {
            throw new HostSettingsException($"The settings under LocalHost cannot be read: {e.InnerException?.Message ?? e.Message}");
        }
    }
}
