using Orchestrations.Schedules;

namespace Orchestrations.Tests.Schedules;

public class NightlyRunsTests
{
    [Theory]
    [InlineData("2026-11-23T02:00:00.000Z", "2026-11-23T02:00:00Z")]
    // A timer may fire a little early, or hours late after an outage: the instant is the one that was scheduled.
    [InlineData("2026-11-23T01:59:59.200Z", "2026-11-23T02:00:00Z")]
    [InlineData("2026-11-23T09:30:00.000Z", "2026-11-23T02:00:00Z")]
    [InlineData("2026-11-24T01:59:00.000Z", "2026-11-23T02:00:00Z")]
    public void The_instant_is_the_scheduled_one(string now, string scheduled) => Assert.Equal(
        DateTimeOffset.Parse(scheduled, System.Globalization.CultureInfo.InvariantCulture),
        NightlyRuns.ScheduledInstant(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void The_id_is_the_schedule_and_the_instant() => Assert.Equal(
        "nightly-two-dials-20261123t0200z",
        NightlyRuns.Id("two-dials.json", new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero)));
}
