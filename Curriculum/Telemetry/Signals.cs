using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Curriculum.Telemetry;

/// <summary>Where the spans and the measurements of app and workers come from.</summary>
/// <remarks>They are the platform's own and cost next to nothing while nobody listens, which is so unless an exporter is set (<see cref="ExportTargets"/>).</remarks>
public static class Signals
{
    /// <summary>Name of the source of spans and of the meter.</summary>
    public const string Name = "Curriculum";

    public static ActivitySource Spans { get; } = new(Name);

    public static Meter Meter { get; } = new(Name);
}
