using System.Text;
using Curriculum.Submission;
using Orchestrations.Schedules;
using Testing;

namespace Orchestrations.Tests.Schedules;

[Trait("Speed", "fast")]
public class ScheduleReaderTests
{
    private static readonly string Quick = File.ReadAllText(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"));

    [Fact]
    public void A_plan_alone_runs_at_two_in_UTC_and_is_skipped_while_the_last_run_goes_on()
    {
        var (schedule, violations) = Read("nightly", $$"""{"plan":{{Quick}}}""");

        Assert.Empty(violations);
        Assert.Equal(("0 2 * * *", "UTC", WhenRunning.Skip), (schedule!.Cron, schedule.TimeZone, schedule.WhenRunning));
    }

    [Fact]
    public void Everything_that_is_wrong_is_said_at_once_with_its_pointer()
    {
        var (schedule, violations) = Read(
            "../x", $$"""{"cron":"0 2 * *","whenRunning":"maybe","zone":1,"plan":{{Quick.Replace("\"seeds\": [1, 2, 3]", "\"seeds\": []", StringComparison.Ordinal)}}}""");

        Assert.Null(schedule);
        Assert.Equal(["", "/cron", "/plan/seeds", "/whenRunning", "/zone"], violations.Select(violation => violation.Pointer).Distinct().Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"cron":"0 0 30 2 *"}""", "/cron")]
    [InlineData("""{"cron":7}""", "/cron")]
    [InlineData("""{"timeZone":"Middle/Earth"}""", "/timeZone")]
    [InlineData("""{"timeZone":"../../etc/passwd"}""", "/timeZone")]
    [InlineData("""{"cron":"\ud800"}""", "/cron")]
    [InlineData("""{"a/b~c":1}""", "/a~1b~0c")]
    [InlineData("""{"cron":"* * * * *","cron":"* * * * *"}""", "/cron")]
    [InlineData("[]", "")]
    [InlineData("{", "")]
    [InlineData("null", "")]
    public void A_wrong_value_is_named(string json, string pointer) =>
        Assert.Contains(Read("x", json).Violations, violation => violation.Pointer == pointer);

    [Fact]
    public void A_schedule_is_read_with_a_byte_order_mark_and_another_encoding_is_refused_by_its_name()
    {
        var text = $$"""{"plan":{{Quick}}}""";
        Assert.Empty(Read("x", "\ufeff" + text).Violations);
        byte[] other = [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(text)];
        Assert.Contains("UTF-16", Assert.Single(ScheduleReader.Read("x", other, DateTimeOffset.UnixEpoch).Violations).Message, StringComparison.Ordinal);
    }

    private static (Schedule? Schedule, IReadOnlyList<Curriculum.Submission.PlanViolation> Violations) Read(string name, string json) =>
        ScheduleReader.Read(name, Encoding.UTF8.GetBytes(json), new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
}
