using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Schedules;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Tests.Reports;
using Orchestrations.Workflows;
using Testing;

namespace Orchestrations.Tests.Schedules;

/// <summary>The app as it is over Azurite; nights pass by setting its clock.</summary>
[Trait("Speed", "slow")]
public sealed class ScheduleRoundTests
{
    private static readonly DateTimeOffset FirstNight = new(2026, 11, 23, 2, 0, 0, TimeSpan.Zero);
    private static readonly string Quick = File.ReadAllText(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"));

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_time_starts_one_run_however_often_the_timer_fires_for_it_and_the_next_waits_its_turn()
    {
        await using var app = await AppHost.StartAsync(FirstNight.AddHours(-1));
        var schedule = await PutAsync(app, "queue");

        await AdvanceAsync(app, schedule);
        Assert.Empty(await HistoryAsync(app));
        app.Clock.SetTo(FirstNight);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => AdvanceAsync(app, schedule)));
        await AdvanceAsync(app, schedule);

        var first = Assert.Single(await HistoryAsync(app));
        Assert.Equal((ScheduledRunState.Started, "nightly-20261123t0200z"), (first.State, first.Run));
        Assert.Equal([first.Run], await RunsAsync(app));

        // It still runs the next night and the one after: of the two that come meanwhile the newer waits.
        app.Clock.SetTo(FirstNight.AddDays(1));
        await AdvanceAsync(app, schedule);
        app.Clock.SetTo(FirstNight.AddDays(2));
        await AdvanceAsync(app, schedule);
        Assert.Equal([ScheduledRunState.Queued, ScheduledRunState.Skipped, ScheduledRunState.Started], (await HistoryAsync(app)).Select(scheduled => scheduled.State));
        Assert.Equal([first.Run], await RunsAsync(app));

        await ConcludeAsync(app, first.Run, RunState.Canceled);
        await AdvanceAsync(app, schedule);
        var history = await HistoryAsync(app);
        Assert.Equal([ScheduledRunState.Started, ScheduledRunState.Skipped, ScheduledRunState.Canceled], history.Select(scheduled => scheduled.State));
        Assert.Equal([first.Run, "nightly-20261125t0200z"], await RunsAsync(app));
    }

    [Fact]
    public async Task The_timer_starts_what_is_due_although_another_schedule_is_unreadable_and_says_which()
    {
        await using var app = await AppHost.StartAsync(FirstNight.AddHours(-1));
        await PutAsync(app, "skip");
        await app.Services.GetRequiredService<JsonBlobs>().Blob(StorageNames.SchedulesContainer, ScheduleStore.ScheduleBlob("broken"))
            .UploadAsync(BinaryData.FromString("{ not json"), Cancelled);
        app.Clock.SetTo(FirstNight);

        await ActivatorUtilities.CreateInstance<RunSchedules>(app.Services).Run(new(), app.Client, Cancelled);

        Assert.Equal(["nightly-20261123t0200z"], await RunsAsync(app));
        Assert.Single(app.Log.Lines, line => line.StartsWith("Error: Schedule broken could not be taken on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_that_would_cost_more_than_its_cap_is_refused_that_night_and_not_run()
    {
        await using var app = await AppHost.StartAsync(FirstNight.AddHours(-1));
        var plan = JsonNode.Parse(Quick)!;
        plan["budget"]!["maximumCost"] = 0.01;
        var schedule = await PutAsync(app, "skip", plan.ToJsonString());
        app.Clock.SetTo(FirstNight);
        await AdvanceAsync(app, schedule);
        var refused = Assert.Single(await HistoryAsync(app));
        Assert.Equal(ScheduledRunState.Refused, refused.State);
        Assert.StartsWith("/budget/maximumCost: ", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(await RunsAsync(app));
    }

    [Fact]
    public async Task A_start_that_a_crash_cut_off_after_its_decision_is_made_up_for_and_a_skipped_time_is_not()
    {
        await using var app = await AppHost.StartAsync(FirstNight.AddHours(-1));
        var schedule = await PutAsync(app, "skip");
        app.Clock.SetTo(FirstNight);
        Assert.True(await app.Services.GetRequiredService<ScheduleStore>().TryDecideAsync(
            new()
            {
                Schedule = "nightly",
                Scheduled = FirstNight,
                Run = ScheduleTimes.Run("nightly", FirstNight),
                DecidedAt = FirstNight,
                State = ScheduledRunState.Started,
            },
            Cancelled));

        await AdvanceAsync(app, schedule);
        Assert.Equal(["nightly-20261123t0200z"], await RunsAsync(app));

        app.Clock.SetTo(FirstNight.AddDays(1));
        await AdvanceAsync(app, schedule);
        var skipped = (await HistoryAsync(app))[0];
        Assert.Equal((ScheduledRunState.Skipped, "nightly-20261123t0200z still ran."), (skipped.State, skipped.Reason));
        Assert.Equal(["nightly-20261123t0200z"], await RunsAsync(app));
    }

    [Fact]
    public async Task A_verdict_worse_than_last_nights_is_told_to_the_webhook_once_signed_and_again_until_it_is_taken()
    {
        const string key = "a key of more than sixteen bytes";
        await using var receiver = await Receiver.StartAsync((count, context) =>
        {
            context.Response.StatusCode = count == 1 ? 500 : 204;
            return Task.CompletedTask;
        });
        await using var app = await AppHost.StartAsync(
            FirstNight.AddHours(-1), $"Webhook:Url={receiver.Url}/hook", $"Webhook:Key={key}", "Webhook:AllowPrivateAddresses=true");
        var schedule = await PutAsync(app, "skip");
        var good = SampleReport.Create().Verdict;
        await NightAsync(app, schedule, 0, good);
        await NightAsync(app, schedule, 1, good);
        Assert.Equal(0, receiver.Waiting);

        await NightAsync(app, schedule, 2, Worse(good));
        await AdvanceAsync(app, schedule);

        var (refused, taken) = (await receiver.NextAsync(), await receiver.NextAsync());
        Assert.Equal("nightly-20261125t0200z:regressed", taken.Headers["webhook-id"].ToString());
        Assert.Equal(refused.Headers["webhook-id"], taken.Headers["webhook-id"]);
        Assert.Equal(refused.Body, taken.Body);
        var body = JsonNode.Parse(taken.Body)!;
        Assert.Equal("schedule.regressed", (string?)body["type"]);
        Assert.Equal("nightly-20261124t0200z", (string?)body["comparedWith"]);
        Assert.Contains("srl-rlvr", (string?)body["reasons"]![0], StringComparison.Ordinal);
        // The Standard Webhooks scheme, worked out here anew.
        var signed = Encoding.UTF8.GetBytes($"{taken.Headers["webhook-id"]}.{taken.Headers["webhook-timestamp"]}.{Encoding.UTF8.GetString(taken.Body)}");
        using var hmac = new System.Security.Cryptography.HMACSHA256(Encoding.UTF8.GetBytes(key));
        Assert.Equal($"v1,{Convert.ToBase64String(hmac.ComputeHash(signed))}", taken.Headers["webhook-signature"].ToString());

        await app.Client.WaitForInstanceCompletionAsync("nightly-20261125t0200z:regressed", Cancelled);
        await AdvanceAsync(app, schedule);
        Assert.Equal(0, receiver.Waiting);
        var status = (await app.Http.GetFromJsonAsync("api/schedules/nightly", SchedulesJson.Default.ScheduleStatus, Cancelled))!;
        Assert.NotEmpty(status.History![0].Regressions);
        Assert.Equal(new WebhookCall("nightly-20261125t0200z", WebhookCallState.Delivered), status.Webhook);
        Assert.Equal(3, status.Trend!.Single(arm => arm.Arm == "srl-rlvr").Points.Count);
    }

    [Fact]
    public async Task A_schedule_that_is_not_valid_is_not_stored_and_one_that_is_can_be_removed()
    {
        await using var app = await AppHost.StartAsync(FirstNight.AddHours(-1));
        using var refused = await app.Http.PutAsync("api/schedules/nightly", Json("""{"cron":"never","plan":{}}"""), Cancelled);
        using var escaping = await app.Http.PutAsync("api/schedules/..%2F..%2Fx", Json($$"""{"plan":{{Quick}}}"""), Cancelled);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("/cron", await refused.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, escaping.StatusCode);
        Assert.Empty((await ListAsync(app)).Schedules);

        await PutAsync(app, "skip");
        var listed = Assert.Single((await ListAsync(app)).Schedules);
        Assert.Equal(("nightly", FirstNight), (listed.Name, listed.Next));
        using var removed = await app.Http.DeleteAsync("api/schedules/nightly", Cancelled);
        using var again = await app.Http.DeleteAsync("api/schedules/nightly", Cancelled);
        Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.NotFound], [removed.StatusCode, again.StatusCode]);
        Assert.Empty((await ListAsync(app)).Schedules);
    }

    private static async Task<ScheduleList> ListAsync(AppHost app) =>
        (await app.Http.GetFromJsonAsync("api/schedules", SchedulesJson.Default.ScheduleList, Cancelled))!;

    private static async Task NightAsync(AppHost app, Schedule schedule, int night, RunVerdict verdict)
    {
        app.Clock.SetTo(FirstNight.AddDays(night));
        await AdvanceAsync(app, schedule);
        var run = ScheduleTimes.Run("nightly", FirstNight.AddDays(night));
        await app.Services.GetRequiredService<JsonBlobs>().WriteAsync(
            StorageNames.RunsContainer, StorageNames.Verdict(run), verdict, VerdictJson.Default.RunVerdict, Cancelled);
        await ConcludeAsync(app, run, RunState.Completed);
        await AdvanceAsync(app, schedule);
        Assert.Equal(ScheduledRunState.Completed, (await HistoryAsync(app))[0].State);
    }

    private static RunVerdict Worse(RunVerdict verdict) => verdict with
    {
        Arms =
        [
            .. verdict.Arms.Select(arm => arm.Arm != "srl-rlvr" ? arm : arm with
            {
                Benchmarks = [.. arm.Benchmarks.Select(benchmark => benchmark with { Sampled = new(0.2, 0.1, 0.3), Greedy = new(0.2, 0.1, 0.3) })],
            }),
        ],
    };

    private static async Task<Schedule> PutAsync(AppHost app, string whenRunning, string? plan = null)
    {
        using var put = await app.Http.PutAsync("api/schedules/nightly", Json($$"""{"whenRunning":"{{whenRunning}}","plan":{{plan ?? Quick}}}"""), Cancelled);
        Assert.Equal(HttpStatusCode.OK, put.StatusCode);
        return (await app.Services.GetRequiredService<ScheduleStore>().FindAsync("nightly", Cancelled))!;
    }

    private static Task AdvanceAsync(AppHost app, Schedule schedule) =>
        app.Services.GetRequiredService<ScheduleRound>().AdvanceAsync(app.Client, schedule, Cancelled);

    private static async Task ConcludeAsync(AppHost app, string run, RunState state)
    {
        await app.Client.RaiseEventAsync(run, "conclude", new RunSummary(run, state, "", []), Cancelled);
        await app.Client.WaitForInstanceCompletionAsync(run, Cancelled).WaitAsync(TimeSpan.FromSeconds(60), Cancelled);
    }

    private static async Task<IReadOnlyList<ScheduledRun>> HistoryAsync(AppHost app) =>
        [.. (await app.Services.GetRequiredService<ScheduleStore>().ScheduledRunsAsync("nightly", 100, Cancelled)).Select(stored => stored.ScheduledRun)];

    private static async Task<string[]> RunsAsync(AppHost app)
    {
        var runs = new List<string>();
        await foreach (var instance in app.Client.GetAllInstancesAsync(null))
            runs.Add(instance.InstanceId);
        return [.. runs.Order(StringComparer.Ordinal)];
    }

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
