using System.Globalization;
using Cronos;
using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;

namespace LocalHost.Triggers.Timers;

/// <summary>When a timer fires: an NCRONTAB expression in UTC, or a constant time span.</summary>
internal sealed class TimerSchedule
{
    private readonly CronExpression? _cron;
    private readonly TimeSpan _span;

    private TimerSchedule(CronExpression? cron, TimeSpan span) => (_cron, _span) = (cron, span);

    public static TimerSchedule Of(FoundFunction function, IConfiguration configuration) =>
        Parse(
            SettingText.Resolve(configuration, ((TimerTriggerAttribute)function.Trigger).Schedule, $"The schedule of '{function.Name}'"),
            function.Name);

    /// <exception cref="HostSettingsException">The text is neither.</exception>
    public static TimerSchedule Parse(string text, string function)
    {
        if (TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) && span > TimeSpan.Zero && text.Contains(':', StringComparison.Ordinal))
            return new(null, span);
        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length;
        return CronExpression.TryParse(text, fields == 5 ? CronFormat.Standard : CronFormat.IncludeSeconds, out var cron)
            ? new(cron, default)
            : throw new HostSettingsException(
                $"Expected the schedule of '{function}' to be six NCRONTAB fields (second minute hour day month weekday) or a time span such as 00:05:00, and found '{text}'.");
    }

    /// <exception cref="InvalidOperationException">It never fires again.</exception>
    public DateTime Next(DateTime after) => _cron is null
        ? after + _span
        : _cron.GetNextOccurrence(DateTime.SpecifyKind(after, DateTimeKind.Utc))
            ?? throw new InvalidOperationException($"The schedule '{_cron}' does not fire again after {after:O}.");

    /// <summary>Whether it fires at least once a minute, where keeping each firing in storage would cost more than it gives.</summary>
    public bool IsFrequent(DateTime now)
    {
        var first = Next(now);
        return Next(first) - first < TimeSpan.FromMinutes(1);
    }
}
