namespace LocalHost.Hosting;

/// <summary>One stream of lines with categories, of the host, its extensions and the app; levels as <c>logging.logLevel</c> of host.json says.</summary>
internal static class Logs
{
    /// <summary>What says something about every message and every turn is left out unless host.json asks for it.</summary>
    private static readonly (string Category, LogLevel Level)[] Quiet =
    [
        ("Microsoft", LogLevel.Warning),
        ("Microsoft.AspNetCore.DataProtection", LogLevel.Error),
        ("Grpc", LogLevel.Warning),
        ("Yarp", LogLevel.Warning),
        ("Azure", LogLevel.Error),
        ("DurableTask", LogLevel.Warning),
        ("Host.Triggers.DurableTask", LogLevel.Warning),
        ("Host.Results", LogLevel.None),
        ("Host.Aggregator", LogLevel.Warning),
        ("Host.Singleton", LogLevel.Warning),
        ("Function", LogLevel.Warning),
    ];

    public static void Configure(ILoggingBuilder logging, IConfiguration configuration)
    {
        foreach (var (category, level) in Quiet)
            logging.AddFilter(category, level);
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddConfiguration(configuration.GetSection($"{HostSettings.HostSection}:logging"));
        logging.AddConsole(console => console.FormatterName = LineFormatter.FormatterName);
        logging.AddConsoleFormatter<LineFormatter, Microsoft.Extensions.Logging.Console.ConsoleFormatterOptions>();
    }
}
