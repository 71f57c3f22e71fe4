using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Hosting;

/// <summary>Expected answers are those observed on the official host.</summary>
[Collection(nameof(HostStorage))]
public sealed class ManagementTests(HostStorage storage) : IAsyncLifetime
{
    private TestHost _host = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _host = await TestHost.StartAsync(storage, [typeof(Waiting)]);

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Without_a_key_nothing_is_told()
    {
        await StartAsync("w1");
        using var stranger = new HttpClient { BaseAddress = _host.Http.BaseAddress };
        foreach (var path in (string[])["instances", "instances/w1", "instances/unknown", "instances/w1?code=wrong", $"instances/w1?code={_host.Keys.Function}"])
        {
            using var answer = await stranger.GetAsync($"runtime/webhooks/durabletask/{path}", Cancelled);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsStringAsync(Cancelled));
        }
    }

    [Fact]
    public async Task A_running_instance_is_202_with_its_location_and_a_completed_one_200()
    {
        await StartAsync("w1", "7");
        await UntilRunningAsync("w1");
        using var running = await SendAsync(HttpMethod.Get, "instances/w1");
        Assert.Equal(HttpStatusCode.Accepted, running.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), running.Headers.RetryAfter!.Delta);
        Assert.Equal(running.RequestMessage!.RequestUri, running.Headers.Location);

        using var raised = await SendAsync(HttpMethod.Post, "instances/w1/raiseEvent/Go", "\"now\"");
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        await _host.Engine.Client.WaitForInstanceCompletionAsync("w1", Cancelled);

        using var done = await SendAsync(HttpMethod.Get, "instances/w1");
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        var status = JsonNode.Parse(await done.Content.ReadAsStringAsync(Cancelled))!.AsObject();
        Assert.Equal(
            ["name", "instanceId", "runtimeStatus", "input", "customStatus", "output", "createdTime", "lastUpdatedTime"],
            status.Select(p => p.Key));
        Assert.Equal("Waiting", (string?)status["name"]);
        Assert.Equal("Completed", (string?)status["runtimeStatus"]);
        Assert.Equal(7, (int?)status["input"]);
        Assert.Equal("waiting", (string?)status["customStatus"]!["state"]);
        Assert.Equal("now 7", (string?)status["output"]);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", (string?)status["createdTime"]);

        var bare = await ReadAsync("instances/w1?showInput=false");
        Assert.Null(bare["input"]);
        Assert.Equal("now 7", (string?)bare["output"]);
    }

    [Fact]
    public async Task History_names_what_was_done_and_shows_results_only_where_asked()
    {
        await StartAsync("w1", "7");
        using var raised = await SendAsync(HttpMethod.Post, "instances/w1/raiseEvent/Go", "\"now\"");
        await _host.Engine.Client.WaitForInstanceCompletionAsync("w1", Cancelled);

        var events = (await ReadAsync("instances/w1?showHistory=true"))["historyEvents"]!.AsArray();
        Assert.Equal(
            ["ExecutionStarted", "EventRaised", "TaskCompleted", "ExecutionCompleted"],
            events.Select(e => (string?)e!["EventType"]));
        Assert.Equal("Join", (string?)events[2]!["FunctionName"]);
        Assert.All(events, e => Assert.Null(e!["Result"]));
        Assert.All(events, e => Assert.NotNull(e!["Timestamp"]));

        var full = (await ReadAsync("instances/w1?showHistory=true&showHistoryOutput=true"))["historyEvents"]!.AsArray();
        Assert.Equal("now 7", (string?)full[2]!["Result"]);
    }

    [Fact]
    public async Task A_failed_instance_is_200_and_500_where_that_is_asked_for()
    {
        await StartAsync("f1", name: "Fails");
        await _host.Engine.Client.WaitForInstanceCompletionAsync("f1", Cancelled);

        using var plain = await SendAsync(HttpMethod.Get, "instances/f1");
        using var strict = await SendAsync(HttpMethod.Get, "instances/f1?returnInternalServerErrorOnFailure=true");
        Assert.Equal(HttpStatusCode.OK, plain.StatusCode);
        Assert.Equal(HttpStatusCode.InternalServerError, strict.StatusCode);
        Assert.Equal(
            "Microsoft.DurableTask.TaskFailedException: Task 'Boom' (#0) failed with an unhandled exception: boom o1",
            (string?)JsonNode.Parse(await plain.Content.ReadAsStringAsync(Cancelled))!["output"]);
    }

    [Fact]
    public async Task An_unknown_instance_is_404_for_every_call()
    {
        (HttpMethod Method, string Path)[] calls =
        [
            (HttpMethod.Get, "instances/none"), (HttpMethod.Delete, "instances/none"), (HttpMethod.Post, "instances/none/raiseEvent/Go"),
            (HttpMethod.Post, "instances/none/terminate"), (HttpMethod.Post, "instances/none/suspend"), (HttpMethod.Post, "instances/none/resume"),
        ];
        foreach (var (method, path) in calls)
        {
            using var answer = await SendAsync(method, path, method == HttpMethod.Post ? "1" : null);
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }
    }

    [Fact]
    public async Task An_event_must_be_json()
    {
        await StartAsync("w1");
        using var plain = await SendAsync(HttpMethod.Post, "instances/w1/raiseEvent/Go", "now", "text/plain");
        using var broken = await SendAsync(HttpMethod.Post, "instances/w1/raiseEvent/Go", "{");
        Assert.Equal(HttpStatusCode.BadRequest, plain.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
    }

    [Fact]
    public async Task Suspend_resume_and_terminate_are_202_and_410_once_it_has_ended()
    {
        await StartAsync("w1");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("suspend?reason=lunch"));
        await UntilAsync("Suspended");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("resume?reason=back"));
        await UntilAsync("Running");
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync("terminate?reason=enough"));
        await _host.Engine.Client.WaitForInstanceCompletionAsync("w1", Cancelled);

        var status = await ReadAsync("instances/w1");
        Assert.Equal("Terminated", (string?)status["runtimeStatus"]);
        Assert.Equal("enough", (string?)status["output"]);
        var gates = (await ReadAsync("instances/w1?showHistory=true"))["historyEvents"]!.AsArray()
            .Where(e => (string?)e!["EventType"] is "ExecutionSuspended" or "ExecutionResumed");
        Assert.Equal(["lunch", "back"], gates.Select(e => (string?)e!["Reason"]));
        foreach (var verb in (string[])["suspend", "resume", "terminate", "raiseEvent/Go"])
            Assert.Equal(HttpStatusCode.Gone, await PostAsync(verb));

        async Task<HttpStatusCode> PostAsync(string verb)
        {
            using var answer = await SendAsync(HttpMethod.Post, $"instances/w1/{verb}", verb.StartsWith("raise", StringComparison.Ordinal) ? "1" : null);
            return answer.StatusCode;
        }

        async Task UntilAsync(string wanted)
        {
            while ((string?)(await ReadAsync("instances/w1"))["runtimeStatus"] != wanted)
                await Task.Delay(20, Cancelled);
        }
    }

    [Fact]
    public async Task A_purged_instance_is_counted_and_gone()
    {
        await StartAsync("f1", name: "Fails");
        await _host.Engine.Client.WaitForInstanceCompletionAsync("f1", Cancelled);

        using var purged = await SendAsync(HttpMethod.Delete, "instances/f1");
        Assert.Equal(HttpStatusCode.OK, purged.StatusCode);
        Assert.Equal("{\"instancesDeleted\":1}", await purged.Content.ReadAsStringAsync(Cancelled));
        using var gone = await SendAsync(HttpMethod.Get, "instances/f1");
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task A_range_of_instances_is_purged_by_creation_time()
    {
        await StartAsync("f1", name: "Fails");
        await _host.Engine.Client.WaitForInstanceCompletionAsync("f1", Cancelled);

        using var unbounded = await SendAsync(HttpMethod.Delete, "instances");
        using var none = await SendAsync(HttpMethod.Delete, "instances?createdTimeFrom=2000-01-01T00:00:00Z&createdTimeTo=2000-01-02T00:00:00Z");
        using var some = await SendAsync(HttpMethod.Delete, "instances?createdTimeFrom=2000-01-01T00:00:00Z&runtimeStatus=Failed,Completed");
        Assert.Equal(HttpStatusCode.BadRequest, unbounded.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal("{\"instancesDeleted\":1}", await some.Content.ReadAsStringAsync(Cancelled));
    }

    [Fact]
    public async Task Starting_answers_202_with_links_that_work()
    {
        using var started = await SendAsync(HttpMethod.Post, "orchestrators/Waiting/w9", "3");
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), started.Headers.RetryAfter!.Delta);
        var links = JsonNode.Parse(await started.Content.ReadAsStringAsync(Cancelled))!.AsObject();
        Assert.Equal("w9", (string?)links["id"]);
        Assert.Equal((string?)links["statusQueryGetUri"], started.Headers.Location!.OriginalString);

        using var stranger = new HttpClient();
        using var body = new StringContent("\"go\"", Encoding.UTF8, "application/json");
        using var raised = await stranger.PostAsync(((string)links["sendEventPostUri"]!).Replace("{eventName}", "Go", StringComparison.Ordinal), body, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);
        await _host.Engine.Client.WaitForInstanceCompletionAsync("w9", Cancelled);
        Assert.Equal("go 3", (string?)JsonNode.Parse(await stranger.GetStringAsync((string)links["statusQueryGetUri"]!, Cancelled))!["output"]);
    }

    [Fact]
    public async Task A_start_that_cannot_be_is_refused()
    {
        using var unknown = await SendAsync(HttpMethod.Post, "orchestrators/Nothing/x1");
        using var broken = await SendAsync(HttpMethod.Post, "orchestrators/Waiting/x1", "{");
        await StartAsync("w1");
        using var twice = await SendAsync(HttpMethod.Post, "orchestrators/Waiting/w1");
        using var elsewhere = await SendAsync(HttpMethod.Get, "instances?taskHub=other");
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, broken.StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, twice.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, elsewhere.StatusCode);
    }

    [Fact]
    public async Task Instances_are_listed_by_page_prefix_and_status()
    {
        foreach (var id in (string[])["a1", "a2", "a3", "b1"])
            await StartAsync(id, "1");
        await StartAsync("f1", name: "Fails");
        await _host.Engine.Client.WaitForInstanceCompletionAsync("f1", Cancelled);

        var (first, next) = await ListAsync("instances?instanceIdPrefix=a&top=2", null);
        Assert.Equal(["a1", "a2"], first);
        Assert.NotNull(next);
        var (second, last) = await ListAsync("instances?instanceIdPrefix=a&top=2", next);
        Assert.Equal(["a3"], second);
        Assert.Null(last);

        Assert.Equal(["f1"], (await ListAsync("instances?runtimeStatus=Failed,Completed", null)).Ids);
        Assert.Empty((await ListAsync("instances?createdTimeTo=2000-01-01T00:00:00Z", null)).Ids);
        Assert.Equal(5, (await ListAsync("instances", null)).Ids.Length);
    }

    [Fact]
    public async Task A_continuation_token_of_another_host_was_answered_500_and_is_refused()
    {
        using var answer = await SendAsync(HttpMethod.Get, "instances", null, null, "a;b");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("a;b", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
    }

    private async Task<(string[] Ids, string? Next)> ListAsync(string path, string? token)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null, null, token);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var ids = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsArray().Select(i => (string)i!["instanceId"]!);
        return ([.. ids], answer.Headers.TryGetValues("x-ms-continuation-token", out var next) ? next.Single() : null);
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body = null, string? contentType = "application/json", string? token = null)
    {
        var separator = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        using var http = new HttpClient { BaseAddress = _host.Http.BaseAddress };
        using var request = new HttpRequestMessage(method, $"runtime/webhooks/durabletask/{path}{separator}code={_host.Keys.Durable}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, contentType!);
        if (token is not null)
            request.Headers.Add("x-ms-continuation-token", token);
        return await http.SendAsync(request, Cancelled);
    }

    private async Task<JsonObject> ReadAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path);
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(Cancelled))!.AsObject();
    }

    private async Task StartAsync(string id, string? input = null, string name = "Waiting")
    {
        using var started = await SendAsync(HttpMethod.Post, $"orchestrators/{name}/{id}", input);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
    }

    private async Task UntilRunningAsync(string id) => await _host.Engine.Client.WaitForInstanceStartAsync(id, Cancelled);

    public static class Waiting
    {
        [Function("Waiting")]
        public static async Task<string> Run([OrchestrationTrigger] TaskOrchestrationContext context, int number)
        {
            context.SetCustomStatus(new { state = "waiting" });
            var word = await context.WaitForExternalEvent<string>("Go");
            return await context.CallActivityAsync<string>("Join", $"{word} {number}");
        }

        [Function("Join")]
        public static string Join([ActivityTrigger] string words) => words;

        [Function("Fails")]
        public static Task Fails([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Boom", "o1");

        [Function("Boom")]
        public static void Boom([ActivityTrigger] string input) => throw new InvalidOperationException($"boom {input}");
    }
}
