using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Gives what the worker logs to the item that it is logged for.</summary>
[ProviderAlias("Items")]
internal sealed class ItemLogProvider(TimeProvider time) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new ItemLogger(time);

    public void Dispose()
    {
    }

    private sealed class ItemLogger(TimeProvider time) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Information and < LogLevel.None && ItemLines.Current is not null;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                ItemLines.Current!.Add(time.GetUtcNow(), logLevel, exception is null ? formatter(state, null) : $"{formatter(state, exception)}\n{exception}");
        }
    }
}
