using System.Net;
using Curriculum.Work;
using Orchestrations.Schedules;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Runs;

/// <summary>What is stored of one run and cannot be read says so of that run, and of nothing else.</summary>
[Trait("Speed", "slow")]
public sealed class UnreadableRunTests
{
    [Theory]
    [InlineData("plan.json")]
    [InlineData("control")]
    public async Task A_garbled_blob_makes_its_run_unreadable_and_purgeable_and_no_other_answer_worse(string garbled)
    {
        await using var app = await AppHost.StartAsync();
        var sound = await app.SubmitAsync("sound");
        var torn = await app.SubmitAsync("torn");
        await app.GarbleAsync($"{torn}/{garbled}");

        var status = await app.StatusAsync(torn);
        Assert.Equal(RunState.Unreadable, status.State);
        var failure = Assert.Single(status.Failures!);
        Assert.Equal(FailureKind.Unreadable, failure.Kind);
        Assert.StartsWith($"Expected runs/{torn}/{garbled} to be whole; it cannot be read: ", failure.Text, StringComparison.Ordinal);

        Assert.Equal([(torn, RunState.Unreadable), (sound, RunState.Running)], (await app.ListAsync()).Runs.Select(run => (run.Id, run.State)));
        Assert.Equal(RunState.Running, (await app.StatusAsync(sound)).State);
        Assert.Equal(failure, Assert.Single((await app.ListAsync("?arms=true&state=unreadable")).Runs.Single().Failures!));

        foreach (var (method, path, body) in ((HttpMethod, string, string?)[])[
            (HttpMethod.Delete, "", null), (HttpMethod.Post, "/pause", null), (HttpMethod.Post, "/resume", null), (HttpMethod.Post, "/retry", null), (HttpMethod.Post, "/fork", RunsOverHttp.Plan)])
        {
            var refused = await app.RefusedAsync(HttpStatusCode.Conflict, method, $"api/runs/{torn}{path}", body);
            Assert.Equal(ProblemCode.Unreadable, refused.Code);
            Assert.Contains(failure.Text, refused.Detail, StringComparison.Ordinal);
        }

        await app.PurgeAsync(torn);
        Assert.Equal([sound], (await app.ListAsync()).Runs.Select(run => run.Id));
        Assert.Equal(torn, await app.SubmitAsync("torn"));
    }

    [Fact]
    public async Task What_is_asked_of_a_run_whose_plan_is_garbled_is_refused_with_the_reason()
    {
        await using var app = await AppHost.StartAsync();
        var run = await app.SubmitAsync("torn");
        await app.GarbleAsync(StorageNames.Plan(run));

        foreach (var path in (string[])["plan", "metrics", "checkpoints", "trajectories"])
            Assert.Equal(ProblemCode.Unreadable, (await app.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Get, $"api/runs/{run}/{path}")).Code);
    }

    [Fact]
    public async Task A_key_whose_plan_is_garbled_is_refused_with_the_reason()
    {
        await using var app = await AppHost.StartAsync();
        var run = await app.SubmitAsync("torn");
        await app.GarbleAsync(StorageNames.Plan(run));

        var refused = await app.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Post, "api/runs", RunsOverHttp.Plan, "torn");

        Assert.Equal(ProblemCode.Unreadable, refused.Code);
        Assert.Contains($"Purge {run}, or use another Idempotency-Key.", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sound_run_is_purged_beside_one_that_cannot_be_read()
    {
        await using var app = await AppHost.StartAsync();
        var over = await app.SubmitAsync("over");
        await app.ConcludeAsync(over, RunState.Completed);
        await app.GarbleAsync(StorageNames.Plan(await app.SubmitAsync("torn")));

        await app.PurgeAsync(over);
    }

    [Fact]
    public async Task Progress_waits_and_incidents_that_cannot_be_read_are_incidents_of_their_run()
    {
        await using var app = await AppHost.StartAsync();
        var run = await app.SubmitAsync("torn");
        await app.GarbleAsync($"{run}/progress/srl/1.json");
        await app.GarbleAsync($"{run}/incidents/0.json");
        await app.OverwriteAsync(StorageNames.WorkContainer, $".open/{run}/{run}", "null");

        var status = await app.StatusAsync(run);

        Assert.Equal(RunState.Running, status.State);
        Assert.Equal(
            [$"runs/{run}/incidents/0.json", $"runs/{run}/progress/srl/1.json", $"work/.open/{run}/{run}"],
            status.Incidents!.Select(incident => incident.What.Split(' ')[1]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_mark_of_a_purge_that_cannot_be_read_does_not_keep_the_purge_from_its_end()
    {
        await using var app = await AppHost.StartAsync();
        var run = await app.SubmitAsync("torn");
        await app.ConcludeAsync(run, RunState.Completed);
        await app.GarbleAsync($"{run}/purge.json");

        Assert.Equal(RunState.Purging, (await app.StatusAsync(run)).State);
        await app.PurgeAsync(run);
    }

    [Fact]
    public async Task A_schedule_that_cannot_be_read_is_listed_with_its_fault_and_can_be_put_anew()
    {
        await using var app = await AppHost.StartAsync();
        foreach (var name in (string[])["sound", "torn"])
            Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Put, $"api/schedules/{name}", $$"""{"plan":{{RunsOverHttp.Plan}}}""")).Code);
        await app.OverwriteAsync(StorageNames.SchedulesContainer, "torn/schedule.json", "{");

        var (code, list) = await app.SendAsync(HttpMethod.Get, "api/schedules");
        Assert.Equal(HttpStatusCode.OK, code);
        var schedules = System.Text.Json.JsonSerializer.Deserialize(list, SchedulesJson.Default.ScheduleList)!.Schedules;
        Assert.Equal(["sound", "torn"], schedules.Select(schedule => schedule.Name));
        Assert.Null(schedules[0].Fault);
        Assert.StartsWith("Expected schedules/torn/schedule.json to be whole", schedules[1].Fault, StringComparison.Ordinal);
        Assert.Equal(ProblemCode.Unreadable, (await app.RefusedAsync(HttpStatusCode.Conflict, HttpMethod.Get, "api/schedules/torn")).Code);

        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Put, "api/schedules/torn", $$"""{"plan":{{RunsOverHttp.Plan}}}""")).Code);
        Assert.Equal(HttpStatusCode.OK, (await app.SendAsync(HttpMethod.Get, "api/schedules/torn")).Code);
    }
}
