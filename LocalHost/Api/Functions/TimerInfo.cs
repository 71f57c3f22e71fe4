namespace Microsoft.Azure.Functions.Worker;

/// <summary>The firing that a timer-triggered function is called for.</summary>
public class TimerInfo
{
    public ScheduleStatus? ScheduleStatus { get; set; }

    public bool IsPastDue { get; set; }
}
