using System.Diagnostics;
using System.Globalization;

namespace LocalHost.Durable.Storage;

/// <summary>Which process holds a lease, as the lease's blob says.</summary>
internal static class LeaseHolder
{
    // A process's start is computed from the machine's boot, which moves with the clock.
    private const int ClockSlackSeconds = 2;

    public static Dictionary<string, string> OfThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new()
        {
            ["machine"] = Uri.EscapeDataString(Environment.MachineName),
            ["process"] = process.Id.ToString(CultureInfo.InvariantCulture),
            ["began"] = Began(process).ToString(CultureInfo.InvariantCulture),
        };
    }

    public static bool IsDead(IDictionary<string, string> metadata)
    {
        if (!metadata.TryGetValue("machine", out var machine) || machine != Uri.EscapeDataString(Environment.MachineName)
            || !metadata.TryGetValue("process", out var id) || !metadata.TryGetValue("began", out var began))
            return false;
        try
        {
            using var process = Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
            return Math.Abs(Began(process) - long.Parse(began, CultureInfo.InvariantCulture)) > ClockSlackSeconds;
        }
        catch (Exception exception) when (exception is ArgumentException or InvalidOperationException)
        {
            return true;
        }
    }

    private static long Began(Process process) =>
        new DateTimeOffset(process.StartTime.ToUniversalTime()).ToUnixTimeSeconds();
}
