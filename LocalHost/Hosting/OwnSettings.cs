using LocalHost.Rpc;

namespace LocalHost.Hosting;

/// <summary>Settings of this host alone, under <c>LocalHost</c>; unknown ones are refused.</summary>
internal sealed record OwnSettings
{
    /// <summary>The port on the loopback address; 7071 by default, 0 for any free one.</summary>
    public int Port { get; init; } = 7071;

    /// <summary>A file that receives the host's URL once it is ready.</summary>
    public string? UrlFile { get; init; }

    /// <summary>A file that receives the host's function key, readable by its owner alone.</summary>
    public string? KeyFile { get; init; }

    /// <summary>A file that receives the id of the app's process once the host is ready: a debugger attaches to it.</summary>
    public string? ProcessFile { get; init; }

    /// <summary>The host's function key; without it one is made and kept in the host's storage.</summary>
    public string? FunctionKey { get; init; }

    /// <summary>Stops the host once its standard input ends, which it does with the process that holds the other end.</summary>
    public bool ExitWhenInputCloses { get; init; }

    /// <summary>How long invocations that go on may take to end after a signal to stop; 25 by default.</summary>
    public double DrainSeconds { get; init; } = 25;

    public static OwnSettings Read(IConfiguration configuration)
    {
        try
        {
            return configuration.GetSection("LocalHost").Get<OwnSettings>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new();
        }
        catch (InvalidOperationException fault)
        {
            throw new HostException($"The settings under LocalHost cannot be read: {fault.InnerException?.Message ?? fault.Message}");
        }
    }
}
