using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Azure.Storage.Queues;
using Testing;

namespace LocalHost.Tests.Hosting;

/// <summary>A second, tiny app: each of its triggers behaves as on the official host.</summary>
[Trait("Speed", "slow")]
public sealed class TriggerTests(SharedTinySystem shared) : IClassFixture<SharedTinySystem>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TinySystem Tiny => shared.Tiny;

    [Fact]
    public async Task A_request_reaches_its_function_with_route_values_query_and_body_and_comes_back_with_its_status()
    {
        using var answer = await Tiny.Client.PostAsync("api/echo/me/41?q=x%20y", new StringContent("the body"), Token);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        Assert.Equal("me 42 x y the body", await answer.Content.ReadAsStringAsync(Token));

        using var noNumber = await Tiny.Client.PostAsync("api/echo/me/x", null, Token);
        using var otherMethod = await Tiny.Client.GetAsync("api/echo/me/1", Token);
        using var nowhere = await Tiny.Client.GetAsync("api/nowhere", Token);
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound], [noNumber.StatusCode, otherMethod.StatusCode, nowhere.StatusCode]);
    }

    [Fact]
    public async Task A_function_that_throws_answers_500_and_does_not_say_why()
    {
        using var answer = await Tiny.Client.GetAsync("api/fault", Token);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.DoesNotContain("not for whoever asks", await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_opens_what_its_level_opens_in_the_header_and_in_the_address()
    {
        var (master, durable) = await Tiny.System.KeysAsync();
        foreach (var (path, shown, expected) in ((string, string?, int)[])
        [
            ("api/open", null, 200),
            ("api/echo/a/1", null, 401), ("api/echo/a/1", "wrong", 401), ("api/echo/a/1", LocalSystem.Key, 201), ("api/echo/a/1", master, 201), ("api/echo/a/1", durable, 403),
            ("api/secret", null, 401), ("api/secret", LocalSystem.Key, 403), ("api/secret", durable, 403), ("api/secret", master, 200),
            ("runtime/webhooks/durabletask/instances/none", null, 401), ("runtime/webhooks/durabletask/instances/none", LocalSystem.Key, 403),
            ("runtime/webhooks/durabletask/instances/none", durable, 404), ("runtime/webhooks/durabletask/instances/none", master, 404),
        ])
        {
            using var client = new HttpClient { BaseAddress = Tiny.Client.BaseAddress };
            var method = path.StartsWith("api/echo", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get;
            using var byHeader = new HttpRequestMessage(method, path);
            if (shown is not null)
                byHeader.Headers.Add("x-functions-key", shown);
            using var one = await client.SendAsync(byHeader, Token);
            using var byAddress = new HttpRequestMessage(method, shown is null ? path : $"{path}?code={Uri.EscapeDataString(shown)}");
            using var other = await client.SendAsync(byAddress, Token);
            Assert.Equal((expected, expected), ((int)one.StatusCode, (int)other.StatusCode));
        }
    }

    [Fact]
    public void Nobody_outside_this_machine_is_listened_to() => Assert.Equal("127.0.0.1", Tiny.Client.BaseAddress!.Host);

    [Fact]
    public async Task Orchestrations_run_chains_children_and_generations()
    {
        await Tiny.BeginAsync("Chain", "chain");
        await Tiny.BeginAsync("Parent", "parent");
        await Tiny.BeginAsync("Again", "again", "0");
        Assert.Equal(("Completed", "012"), Said(await Tiny.EndOfAsync("chain")));
        Assert.Equal(("Completed", "parent of 012"), Said(await Tiny.EndOfAsync("parent")));
        Assert.Equal("012", (string)(await Tiny.EndOfAsync("parent:child"))["output"]!);
        var again = await Tiny.EndOfAsync("again");
        Assert.Equal((3, "3"), ((int)again["output"]!, (string)again["input"]!));
    }

    [Fact]
    public async Task An_event_against_a_timer_ends_as_whichever_came_first()
    {
        await Tiny.BeginAsync("EventOrTimer", "early", "100");
        await Tiny.BeginAsync("EventOrTimer", "late", "1");
        var running = await Tiny.ManageAsync(HttpMethod.Get, "instances/early");
        Assert.Equal(202, running.Code);
        Assert.Equal(202, (await Tiny.ManageAsync(HttpMethod.Post, "instances/early/raiseEvent/told", Json("\"by me\""))).Code);

        Assert.Equal(("Completed", "by me"), Said(await Tiny.EndOfAsync("early")));
        Assert.Equal(("Completed", "nobody told"), Said(await Tiny.EndOfAsync("late")));
    }

    [Fact]
    public async Task A_failure_says_which_task_failed_and_why()
    {
        await Tiny.BeginAsync("Fails", "fails");

        var failed = await Tiny.EndOfAsync("fails");

        Assert.Equal("Failed", (string)failed["runtimeStatus"]!);
        Assert.Contains("Task 'Boom' (#0) failed with an unhandled exception: boom o1", (string)failed["output"]!, StringComparison.Ordinal);
        Assert.Equal(200, (await Tiny.ManageAsync(HttpMethod.Get, "instances/fails")).Code);
        Assert.Equal(500, (await Tiny.ManageAsync(HttpMethod.Get, "instances/fails?returnInternalServerErrorOnFailure=true")).Code);
    }

    [Fact]
    public async Task The_management_endpoints_are_the_extensions_own()
    {
        await Tiny.BeginAsync("EventOrTimer", "managed", "100");
        await TinySystem.UntilAsync(async () => (string?)(await Tiny.ManageAsync(HttpMethod.Get, "instances/managed")).Body?["customStatus"]);
        Assert.Equal(404, (await Tiny.ManageAsync(HttpMethod.Get, "instances/unknown")).Code);
        Assert.Equal(404, (await Tiny.ManageAsync(HttpMethod.Post, "instances/unknown/raiseEvent/told", Json("1"))).Code);
        Assert.Equal(400, (await Tiny.ManageAsync(HttpMethod.Post, "instances/managed/raiseEvent/told", new StringContent("x"))).Code);
        Assert.Equal(202, (await Tiny.ManageAsync(HttpMethod.Post, "instances/managed/terminate?reason=enough")).Code);
        var ended = await Tiny.EndOfAsync("managed");
        Assert.Equal(("Terminated", "enough"), Said(ended));
        Assert.Equal(410, (await Tiny.ManageAsync(HttpMethod.Post, "instances/managed/raiseEvent/told", Json("1"))).Code);
        Assert.Equal(410, (await Tiny.ManageAsync(HttpMethod.Post, "instances/managed/terminate?reason=again")).Code);
        var purged = await Tiny.ManageAsync(HttpMethod.Delete, "instances/managed");
        Assert.Equal((200, 1), (purged.Code, (int)purged.Body!["instancesDeleted"]!));
        Assert.Equal(404, (await Tiny.ManageAsync(HttpMethod.Get, "instances/managed")).Code);
        Assert.Equal(202, (await Tiny.ManageAsync(HttpMethod.Post, "orchestrators/Chain/started-here", Json("null"))).Code);
        Assert.Equal(("Completed", "012"), Said(await Tiny.EndOfAsync("started-here")));
    }

    [Fact]
    public async Task A_message_is_taken_once_and_one_that_fails_goes_to_the_poison_queue_after_its_tries()
    {
        var queue = new QueueClient(Tiny.System.Azurite.ConnectionString, "tiny", new() { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Token);
        await queue.SendMessageAsync("good", Token);
        await queue.SendMessageAsync("poison", Token);
        var poison = new QueueClient(Tiny.System.Azurite.ConnectionString, "tiny-poison", new() { MessageEncoding = QueueMessageEncoding.Base64 });

        var moved = await TinySystem.UntilAsync(async () =>
            await poison.ExistsAsync(Token) && (await poison.PeekMessagesAsync(1, Token)).Value is [var message] ? message.Body.ToString() : null);

        Assert.Equal("poison", moved);
        string[] messages = [.. TinySystem.Lines(Tiny.TriggersFile).Where(line => line.StartsWith("message ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
        Assert.Equal(["message good 1 known", "message poison 1 known", "message poison 2 known", "message poison 3 known"], messages);
    }

    [Fact]
    public Task A_timer_fires() => TinySystem.UntilAsync(() => TinySystem.Lines(Tiny.TriggersFile).Count(line => line == "tick") >= 2);

    private static (string Status, string Output) Said(JsonNode status) => ((string)status["runtimeStatus"]!, (string)status["output"]!);

    private static StringContent Json(string text) => new(text, Encoding.UTF8, "application/json");
}
