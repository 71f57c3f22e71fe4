using System.Globalization;
using System.Text.Json;
using Orchestrations.Schedules;

namespace Orchestrations.Tests.Schedules;

[Trait("Speed", "fast")]
public class ScheduleTimesTests
{
    [Theory]
    // Timers fire a little early, or hours late after an outage: the instant is the scheduled one.
    [InlineData("UTC", "2026-11-22T02:00:00Z", "2026-11-23T01:59:59.2Z", "2026-11-23T02:00:00Z", 0)]
    [InlineData("UTC", "2026-11-22T02:00:00Z", "2026-11-23T09:30:00Z", "2026-11-23T02:00:00Z", 0)]
    // Three nights without a host: the newest is run, two are counted.
    [InlineData("UTC", "2026-11-22T02:00:00Z", "2026-11-25T02:00:00Z", "2026-11-25T02:00:00Z", 2)]
    // Berlin is an hour ahead of UTC in winter and two in summer.
    [InlineData("Europe/Berlin", "2026-01-10T12:00:00Z", "2026-01-11T12:00:00Z", "2026-01-11T01:00:00Z", 0)]
    [InlineData("Europe/Berlin", "2026-07-10T12:00:00Z", "2026-07-11T12:00:00Z", "2026-07-11T00:00:00Z", 0)]
    // On 2026-03-29 there is no 02:00 in Berlin: 01:59 is followed by 03:00, which is 01:00 UTC.
    [InlineData("Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T12:00:00Z", "2026-03-29T01:00:00Z", 0)]
    // On 2026-10-25 there are two: the first, 00:00 UTC, counts, and the second is none.
    [InlineData("Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T12:00:00Z", "2026-10-25T00:00:00Z", 0)]
    public void The_newest_time_that_has_come_is_due(string zone, string after, string now, string scheduled, int missed) =>
        Assert.Equal((Time(scheduled), missed), ScheduleTimes.Due(Nightly(zone), Time(after), Time(now)));

    [Fact]
    public void Nothing_is_due_before_its_time_nor_again_after_it()
    {
        Assert.Null(ScheduleTimes.Due(Nightly("UTC"), Time("2026-11-22T02:00:00Z"), Time("2026-11-23T01:59:00Z")));
        Assert.Null(ScheduleTimes.Due(Nightly("UTC"), Time("2026-11-23T02:00:00Z"), Time("2026-11-23T02:00:01Z")));
    }

    [Fact]
    public void The_run_is_named_by_the_schedule_and_the_instant() =>
        Assert.Equal("two-dials-20261123t0200z", ScheduleTimes.Run("two-dials", Time("2026-11-23T02:00:00Z")));

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);

    private static Schedule Nightly(string zone) => new()
    {
        Name = "nightly",
        Cron = "0 2 * * *",
        TimeZone = zone,
        WhenRunning = WhenRunning.Skip,
        CreatedAt = default,
        Plan = JsonElement.Parse("{}"),
    };
}
