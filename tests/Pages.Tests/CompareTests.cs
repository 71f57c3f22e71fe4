using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>Runs beside one another, and night after night.</summary>
public sealed class CompareTests(LiveRun live) : PageTest(live)
{
    [Fact]
    public async Task Runs_on_the_same_problems_are_compared_in_pairs_and_others_are_not()
    {
        await Live.System.SubmitAsync(LiveRun.Plan.Replace("\"problemsPerIteration\": 2", "\"problemsPerIteration\": 3", StringComparison.Ordinal), "beside");
        await Live.System.WaitForEndAsync("beside", TimeSpan.FromMinutes(5));
        await Live.System.SubmitAsync(LiveRun.Plan.Replace("\"seed\": 3003", "\"seed\": 3004", StringComparison.Ordinal), "other");
        await Live.System.WaitForEndAsync("other", TimeSpan.FromMinutes(5));

        var found = await Live.AskAsync($"runs/beside/differences?to={LiveRun.Run}");
        await GoAsync($"compare?runs={LiveRun.Run},beside,other");
        foreach (var arm in found["arms"]!.AsArray())
        {
            var row = Page.Locator("section[aria-label=Accuracy] tr", new() { Has = Page.GetByRole(AriaRole.Rowheader, new() { Name = (string)arm!["arm"]!, Exact = true }) });
            await Assertions.Expect(row.Locator("[data-how=pairs]")).ToHaveTextAsync(Points((double)arm["difference"]!["value"]!));
            await Assertions.Expect(row).ToContainTextAsync($"{Points((double)arm["difference"]!["low"]!)} to {Points((double)arm["difference"]!["high"]!)}");
            await Assertions.Expect(row).ToContainTextAsync("in pairs: 16 problems");
            await Assertions.Expect(row).ToContainTextAsync("not comparable");
        }

        await Assertions.Expect(Page.GetByText("Not comparable: their first benchmarks differ.")).ToBeVisibleAsync();
        Assert.All((await Live.AskAsync($"runs/other/differences?to={LiveRun.Run}"))["arms"]!.AsArray(), arm => Assert.Equal("They answered other problems.", (string)arm!["unpaired"]!));
        await AssertUnbrokenAsync();
    }

    [Fact]
    public async Task The_nightly_trend_shows_each_night_and_marks_the_one_that_is_worse()
    {
        var plan = JsonNode.Parse(LiveRun.Plan)!;
        using var schedule = new StringContent(new JsonObject { ["cron"] = "0 3 * * *", ["plan"] = plan }.ToJsonString(), System.Text.Encoding.UTF8, "application/json");
        using var made = await Live.System.Client.PutAsync("api/schedules/nights", schedule, TestContext.Current.CancellationToken);
        Assert.True(made.IsSuccessStatusCode, await made.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await NightAsync("20260101t0300z", 0.8, null);
        await NightAsync("20260102t0300z", 0.4, "srl fell from 80.0 % to 40.0 % (interval 30.0 to 50.0 %).");

        await GoAsync("schedules");
        await Assertions.Expect(Page.GetByRole(AriaRole.Row, new() { Name = "nights" }).Locator(".badge")).ToHaveTextAsync("1");
        await GoAsync("schedules/nights");
        await Assertions.Expect(Page.Locator(".chart .plot")).ToHaveAttributeAsync("aria-label", "Primary metric: last values srl 40.0 %");
        await Assertions.Expect(Page.Locator(".chart canvas")).ToBeVisibleAsync();
        await Assertions.Expect(Page.Locator("tr.regressed")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator("tr.regressed")).ToContainTextAsync("▼ srl fell from 80.0 % to 40.0 %");
        await Assertions.Expect(Page.Locator("tr.regressed").GetByRole(AriaRole.Link, new() { Name = "nights-20260102t0300z" })).ToBeVisibleAsync();
        await Live.System.Client.DeleteAsync("api/schedules/nights", TestContext.Current.CancellationToken);
    }

    /// <summary>A night as it would have been recorded.</summary>
    private Task NightAsync(string stamp, double accuracy, string? regression)
    {
        var at = DateTimeOffset.ParseExact(stamp, "yyyyMMdd't'HHmm'z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        var night = FormattableString.Invariant($$"""
            {
              "schedule": "nights", "scheduled": "{{at:O}}", "run": "nights-{{stamp}}", "decidedAt": "{{at:O}}", "state": "completed", "missed": 0,
              "score": {
                "planHash": "00", "headline": "h", "smallestInterestingDifference": 0.02, "fingerprints": ["cpu"], "comparisons": [],
                "arms": [{ "arm": "srl", "accuracy": { "value": {{accuracy}}, "low": {{accuracy - 0.1}}, "high": {{accuracy + 0.1}} } }]
              },
              "regressions": [{{(regression is null ? "" : $"\"{regression}\"")}}]
            }
            """);
        return Live.WriteAsync("schedules", $"nights/runs/{stamp}.json", night);
    }

    private static string Points(double difference) => string.Create(CultureInfo.InvariantCulture, $"{(difference < 0 ? '−' : '+')}{Math.Abs(100 * difference):0.0}");
}
