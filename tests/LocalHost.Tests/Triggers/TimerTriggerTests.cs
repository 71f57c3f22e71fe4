using System.Threading.Channels;
using LocalHost.Hosting;
using LocalHost.Tests.Hosting;
using LocalHost.Triggers.Timers;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Tests.Triggers;

[Collection(nameof(HostStorage))]
public sealed class TimerTriggerTests(HostStorage storage)
{
    private static readonly DateTime Night = new(2031, 5, 4, 3, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task A_scheduled_firing_names_its_instant_and_the_next_start_makes_up_for_a_missed_one()
    {
        // Starts a moment before the firing: three o'clock each night.
        var first = await FireAsync<Nightly>(Night.AddMilliseconds(-700));
        Assert.False(first.IsPastDue);
        Assert.Equal(Night, first.ScheduleStatus!.Next);
        Assert.Equal(default, first.ScheduleStatus.Last);

        // Two nights later at noon: the firing of the night after the first is past due.
        var second = await FireAsync<Nightly>(Night.AddDays(2).AddHours(9));
        Assert.True(second.IsPastDue);
        Assert.Equal(Night.AddDays(1), second.ScheduleStatus!.Next);
        Assert.InRange(second.ScheduleStatus.Last, Night, Night.AddSeconds(30));

        // It was made up for once: the following start waits for the next night.
        var third = await FireAsync<Nightly>(Night.AddDays(3).AddMilliseconds(-700));
        Assert.False(third.IsPastDue);
        Assert.Equal(Night.AddDays(3), third.ScheduleStatus!.Next);
    }

    [Fact]
    public async Task Run_on_startup_fires_at_once()
    {
        var fired = await FireAsync<AtStart>(Night);
        Assert.False(fired.IsPastDue);
        Assert.Equal(new DateTime(2032, 1, 1, 0, 0, 0, DateTimeKind.Utc), fired.ScheduleStatus!.Next);
    }

    [Fact]
    public async Task A_schedule_within_the_minute_fires_unmonitored()
    {
        var fired = await FireAsync<Often>(Night, "OFTEN=* * * * * *");
        Assert.Null(fired.ScheduleStatus);
    }

    [Theory]
    [InlineData("0 30 9 * * 1-5", "2031-05-05T09:30:00")] // 4 May 2031 is a Sunday.
    [InlineData("0 */5 * * * *", "2031-05-04T03:05:00")]
    [InlineData("*/5 * * * *", "2031-05-04T03:05:00")]
    [InlineData("00:20:00", "2031-05-04T03:20:00")]
    [InlineData("0 0 0 1 1 *", "2032-01-01T00:00:00")]
    public void A_schedule_gives_its_next_firing(string text, string next) =>
        Assert.Equal(DateTime.Parse(next, System.Globalization.CultureInfo.InvariantCulture), TimerSchedule.Parse(text, "F").Next(Night));

    [Theory]
    [InlineData("")]
    [InlineData("soon")]
    [InlineData("0 61 * * * *")]
    [InlineData("5")]
    public void A_schedule_that_cannot_be_read_is_refused(string text)
    {
        var refusal = Assert.Throws<HostSettingsException>(() => TimerSchedule.Parse(text, "F"));
        Assert.Contains($"found '{text}'", refusal.Message, StringComparison.Ordinal);
    }

    private async Task<TimerInfo> FireAsync<TFunction>(DateTime now, params string[] settings)
    {
        var fired = Channel.CreateUnbounded<TimerInfo>();
        var time = new ShiftedTime(now);
        await using var host = await TestHost.StartAsync(
            storage,
            [typeof(TFunction)],
            builder => builder.Services.AddSingleton(fired.Writer).AddSingleton<TimeProvider>(time),
            settings);
        return await fired.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    /// <summary>A clock that runs as fast as the machine's and began at another time.</summary>
    private sealed class ShiftedTime(DateTime start) : TimeProvider
    {
        private readonly TimeSpan _shift = start - System.GetUtcNow().UtcDateTime;

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _shift;
    }

    public sealed class Nightly(ChannelWriter<TimerInfo> fired)
    {
        [Function("Nightly")]
        public void Run([TimerTrigger("0 0 3 * * *")] TimerInfo timer) => fired.TryWrite(timer);
    }

    public sealed class AtStart(ChannelWriter<TimerInfo> fired)
    {
        [Function("AtStart")]
        public void Run([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => fired.TryWrite(timer);
    }

    public sealed class Often(ChannelWriter<TimerInfo> fired)
    {
        [Function("Often")]
        public void Run([TimerTrigger("%OFTEN%")] TimerInfo timer) => fired.TryWrite(timer);
    }
}
