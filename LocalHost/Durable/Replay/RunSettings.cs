using Microsoft.DurableTask;
using Microsoft.Extensions.Logging;

namespace LocalHost.Durable.Replay;

/// <summary>What every run of a host shares.</summary>
internal sealed record RunSettings(
    DataConverter Converter,
    ILoggerFactory LoggerFactory,
    string DefaultVersion);

/// <summary>What the next generation begins with.</summary>
internal sealed record NextGeneration(History.Payload? Input, bool KeepsEvents, string? Version);
