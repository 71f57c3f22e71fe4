using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs the function on a schedule: six NCRONTAB fields in UTC, a time span, or <c>%SETTING%</c>.</summary>
/// <remarks>Defaults: the schedule is monitored, which keeps its last firing across restarts; the function does not run at startup.</remarks>
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    public string Schedule { get; } = schedule;

    public bool UseMonitor { get; set; } = true;

    public bool RunOnStartup { get; set; }
}
