using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Evaluation;
using Curriculum.Stages;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.OpenApi;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Tests.Reports;

namespace Orchestrations.Tests.Runs;

/// <summary>
/// Everything that the OpenAPI document describes is answered by the app, and every answer is as described: <see cref="AppHost"/> holds each against its schema.
/// </summary>
[Trait("Speed", "slow")]
public sealed class EndpointAnswersTests
{
    private static readonly HttpMethod Get = HttpMethod.Get;
    private static readonly HttpMethod Post = HttpMethod.Post;
    private static readonly HttpMethod Put = HttpMethod.Put;
    private static readonly HttpMethod Delete = HttpMethod.Delete;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_answer_that_is_described_is_given_as_it_is_described()
    {
        await using var source = await Receiver.StartAsync((_, context) => context.Response.WriteAsync(
            context.Request.Path == "/a" ? """{"question":"1+1","answer":"1+1=<<1+1=2>>2\n#### 2"}""" : """{"question":"3+3","answer":"3+3=6\n#### 6"}"""));
        await using var app = await AppHost.StartAsync(null, "Datasets:AllowedHosts=127.0.0.1", "Datasets:AllowPrivateAddresses=true");

        await SubmissionsAsync(app);
        await RunsAsync(app);
        await ContinuationsAsync(app);
        await PurgesAsync(app);
        await ConclusionsAsync(app);
        await SchedulesAsync(app);
        await ImportsAsync(app, source);
        foreach (var path in (string[])["health", "openapi.json", "app", "app/app.js", "queue", "queue?run=first", "models", "datasets"])
            await AskAsync(app, 200, Get, $"api/{path}");

        var described =
            from function in HttpFunction.All
            from answer in function.Answers.Select(answer => (answer.Status, (string?)null))
                .Concat(function.Refusals.SelectMany(refusal => refusal.Codes.Select(code => (refusal.Status, (string?)ApiJson.Code(code)))))
            select (function.Name, answer.Item1, answer.Item2);
        Assert.Equal(described.Order(), app.Answers.Given.Order());
    }

    private static async Task SubmissionsAsync(AppHost app)
    {
        await AskAsync(app, 202, Post, "api/runs", RunsOverHttp.Plan, "first");
        await AskAsync(app, 202, Post, "api/runs", RunsOverHttp.Plan, "first");
        await AskAsync(app, 400, Post, "api/runs", "{}");
        await AskAsync(app, 400, Post, "api/runs", RunsOverHttp.Plan, new string('k', 201));
        await AskAsync(app, 409, Post, "api/runs", Changed(), "first");
        await AskAsync(app, 413, Post, "api/runs", new string(' ', 1024 * 1024 + 1));
        await app.SubmitAsync("torn");
        await app.GarbleAsync(StorageNames.Plan("torn"));
        await AskAsync(app, 409, Post, "api/runs", RunsOverHttp.Plan, "torn");
        await app.SubmitAsync("going");
        await MarkPurgedAsync(app, "going");
        await AskAsync(app, 409, Post, "api/runs", RunsOverHttp.Plan, "going");
    }

    private static async Task RunsAsync(AppHost app)
    {
        await app.OverwriteAsync(StorageNames.RunsContainer, ProgressBlobs.Of(ArmKey.Parse("first/srl/1")), JsonSerializer.Serialize(
            new()
            {
                Arm = "srl",
                Seed = 1,
                Stages = 1,
                Method = Curriculum.Plans.Method.Srl,
                MeanReward = 0.5,
                Loss = -1,
                Budget = 10,
                Outcome = StageOutcome.Canceled,
                Reason = "The run was canceled."
            },
            ApiJson.Default.ArmProgress));
        await app.Services.GetRequiredService<Incidents>().TellAsync("first", "A worker fell silent.", Cancelled);
        var status = await app.StatusAsync("first");
        Assert.Equal(("srl", "A worker fell silent."), (status.Arms!.Single().Arm, status.Incidents!.Single().What));
        await AskAsync(app, 200, Get, "api/runs?limit=1");
        await AskAsync(app, 400, Get, "api/runs?limit=0");
        await AskAsync(app, 404, Get, "api/runs/none");
        await ReadingsAsync(app);

        await app.SubmitAsync("held");
        foreach (var (method, path) in ((HttpMethod, string)[])[(Post, "/pause"), (Post, "/resume"), (Delete, "")])
        {
            await AskAsync(app, 404, method, $"api/runs/none{path}");
            await AskAsync(app, 409, method, $"api/runs/torn{path}");
            await AskAsync(app, 202, method, $"api/runs/held{path}");
        }

        foreach (var path in (string[])["pause", "resume"])
            await AskAsync(app, 409, Post, $"api/runs/held/{path}");
        await app.ConcludeAsync("held", RunState.Canceled);
        foreach (var (method, path) in ((HttpMethod, string)[])[(Post, "/pause"), (Post, "/resume"), (Delete, "")])
            await AskAsync(app, 409, method, $"api/runs/held{path}");
    }

    private static async Task ReadingsAsync(AppHost app)
    {
        var sample = await StoredTrajectories.WriteAsync(app, "first");
        await AskAsync(app, 200, Get, "api/runs/first/trajectories?source=rollout");
        await AskAsync(app, 400, Get, "api/runs/first/trajectories?pattern=perhaps");
        await AskAsync(app, 200, Get, $"api/runs/first/trajectories/{sample}");
        await AskAsync(app, 404, Get, "api/runs/first/trajectories/rollout.srl.1.0.0.0.99");
        await AskAsync(app, 404, Get, "api/runs/none/trajectories/rollout.srl.1.0.0.0.0");
        await AskAsync(app, 409, Get, $"api/runs/torn/trajectories/{sample}");
        await AskAsync(app, 400, Get, "api/runs/first/metrics?points=0");
        foreach (var path in (string[])["trajectories", "metrics", "plan", "checkpoints"])
        {
            await AskAsync(app, 200, Get, $"api/runs/first/{path}");
            await AskAsync(app, 404, Get, $"api/runs/none/{path}");
            await AskAsync(app, 409, Get, $"api/runs/torn/{path}");
        }

        var item = await StoredTrajectories.WriteItemAsync(app, "first");
        await AskAsync(app, 200, Get, $"api/runs/first/items/{item}");
        await AskAsync(app, 404, Get, "api/runs/first/items/srl.1.0.0.99.0.0.rollout");
        await AskAsync(app, 404, Get, $"api/runs/none/items/{item}");
        await AskAsync(app, 409, Get, $"api/runs/torn/items/{item}");
        await AskAsync(app, 404, Get, "api/app/other.js");
    }

    private static async Task ContinuationsAsync(AppHost app)
    {
        foreach (var (path, body) in ((string, string?)[])[("retry", null), ("fork", RunsOverHttp.Plan)])
        {
            await AskAsync(app, 404, Post, $"api/runs/none/{path}", body);
            await AskAsync(app, 409, Post, $"api/runs/torn/{path}", body);
            await AskAsync(app, 409, Post, $"api/runs/first/{path}", body);
            await AskAsync(app, 202, Post, $"api/runs/held/{path}", body, path == "fork" ? "a-fork" : null);
        }

        await AskAsync(app, 400, Post, "api/runs/held/fork", "{}");
        await AskAsync(app, 400, Post, "api/runs/held/fork", RunsOverHttp.Plan, new string('k', 201));
        await AskAsync(app, 400, Post, "api/runs/held/fork?stage=x", RunsOverHttp.Plan);
        await AskAsync(app, 400, Post, "api/runs/held/fork?stage=0", RunsOverHttp.Plan);
        await AskAsync(app, 413, Post, "api/runs/held/fork", new string(' ', 1024 * 1024 + 1));
        await AskAsync(app, 409, Post, "api/runs/held/fork", RunsOverHttp.Plan, "first");
        await AskAsync(app, 409, Post, "api/runs/held/fork", RunsOverHttp.Plan, "torn");
        await AskAsync(app, 409, Post, "api/runs/held/fork", RunsOverHttp.Plan, "going");
        // A retry's id is its parent's: another plan's, one that goes, or one that is torn may have it.
        foreach (var (run, state) in ((string, RunState)[])[("lost", RunState.Failed), ("left", RunState.Failed)])
        {
            await app.SubmitAsync(run);
            await app.ConcludeAsync(run, state);
            await app.SubmitAsync($"{run}-retry", run == "lost" ? Changed() : null);
        }

        await AskAsync(app, 409, Post, "api/runs/lost/retry");
        await MarkPurgedAsync(app, "left-retry");
        await AskAsync(app, 409, Post, "api/runs/left/retry");
    }

    private static async Task PurgesAsync(AppHost app)
    {
        await AskAsync(app, 404, Post, "api/runs/none/purge");
        await AskAsync(app, 409, Post, "api/runs/first/purge");
        await AskAsync(app, 409, Post, "api/runs/held/purge");
        await AskAsync(app, 202, Post, "api/runs/torn/purge");
    }

    private static async Task ConclusionsAsync(AppHost app)
    {
        foreach (var path in (string[])["verdict", "report"])
        {
            await AskAsync(app, 404, Get, $"api/runs/none/{path}");
            await AskAsync(app, 404, Get, $"api/runs/lost/{path}");
        }

        await AskAsync(app, 400, Get, "api/study");
        await AskAsync(app, 404, Get, "api/study?run=-");
        await AskAsync(app, 404, Get, "api/study?run=lost");
        var verdict = JsonSerializer.Serialize(SampleReport.Create().Verdict, VerdictJson.Default.RunVerdict);
        await app.OverwriteAsync(StorageNames.RunsContainer, StorageNames.Verdict("lost"), verdict);
        await app.OverwriteAsync(StorageNames.RunsContainer, StorageNames.Report("lost"), "<html></html>");
        await app.GarbleAsync(StorageNames.Verdict("left"));
        await AskAsync(app, 200, Get, "api/runs/lost/verdict");
        await AskAsync(app, 200, Get, "api/runs/lost/report");
        await AskAsync(app, 200, Get, "api/study?run=lost");
        await AskAsync(app, 200, Get, "api/runs/lost/differences?to=lost");
        await AskAsync(app, 400, Get, "api/runs/lost/differences");
        await AskAsync(app, 404, Get, "api/runs/lost/differences?to=none");
        await AskAsync(app, 404, Get, "api/runs/first/differences?to=lost");
        await AskAsync(app, 409, Get, "api/runs/lost/differences?to=left");
        await AskAsync(app, 409, Get, "api/study?run=lost&run=left");
    }

    private static async Task SchedulesAsync(AppHost app)
    {
        await AskAsync(app, 200, Put, "api/schedules/nightly", $$"""{"whenRunning":"queue","plan":{{RunsOverHttp.Plan}}}""");
        await AskAsync(app, 400, Put, "api/schedules/nightly", "[]");
        await AskAsync(app, 413, Put, "api/schedules/nightly", new string(' ', 1100 * 1024));
        await AskAsync(app, 200, Get, "api/schedules/nightly");
        await AskAsync(app, 404, Get, "api/schedules/none");
        await app.OverwriteAsync(StorageNames.SchedulesContainer, "torn/schedule.json", "{");
        await AskAsync(app, 409, Get, "api/schedules/torn");
        await AskAsync(app, 200, Get, "api/schedules");
        await AskAsync(app, 204, Delete, "api/schedules/torn");
        await AskAsync(app, 404, Delete, "api/schedules/torn");
    }

    private static async Task ImportsAsync(AppHost app, Receiver source)
    {
        await AskAsync(app, 201, Post, "api/datasets", $$"""{"name":"a.jsonl","url":"{{source.Url}}/a"}""");
        await AskAsync(app, 200, Post, "api/datasets", $$"""{"name":"a.jsonl","url":"{{source.Url}}/a"}""");
        await AskAsync(app, 409, Post, "api/datasets", $$"""{"name":"a.jsonl","url":"{{source.Url}}/b"}""");
        await AskAsync(app, 400, Post, "api/datasets", "{}");
        await AskAsync(app, 413, Post, "api/datasets", new string(' ', 17 * 1024));
    }

    private static string Changed()
    {
        var plan = JsonNode.Parse(RunsOverHttp.Plan)!;
        plan["seeds"] = new JsonArray(7);
        return plan.ToJsonString();
    }

    private static Task MarkPurgedAsync(AppHost app, string run) => app.OverwriteAsync(
        StorageNames.RunsContainer, $"{run}/purge.json", JsonSerializer.Serialize(new(DateTimeOffset.UnixEpoch, "It is about to begin."), StorageJson.Default.Purge));

    private static async Task AskAsync(AppHost app, int status, HttpMethod method, string path, string? body = null, string? key = null)
    {
        var (code, text) = await app.SendAsync(method, path, body, key);
        Assert.True(code == (HttpStatusCode)status, $"{method} {path}: {(int)code} {text[..Math.Min(text.Length, 600)]}");
        // No name of the code's own is in anything that is said.
        if (status >= 400)
            Assert.DoesNotMatch(@"System\.|Orchestrations\.|Curriculum\.|Exception|\.NET\b", text);
    }
}
