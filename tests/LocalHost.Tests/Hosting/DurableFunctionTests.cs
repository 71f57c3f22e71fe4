using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;

namespace LocalHost.Tests.Hosting;

[Collection(nameof(HostStorage))]
public sealed class DurableFunctionTests(HostStorage storage)
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_orchestration_started_over_http_calls_its_activities_and_ends()
    {
        await using var host = await TestHost.StartAsync(
            storage, [typeof(Sums)], builder => builder.Services.AddSingleton(new Offset(100)));

        using var started = await host.Http.PostAsync("api/sums/s1?from=1&to=4", null, Cancelled);
        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        var end = await host.Engine.Client.WaitForInstanceCompletionAsync("s1", getInputsAndOutputs: true, Cancelled);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        // 1 + 4 + 9 + 16, and the offset that the activity's class was given.
        Assert.Equal(130, end.ReadOutputAs<Total>()!.Value);
        Assert.Equal("s1", end.ReadOutputAs<Total>()!.Orchestration);
    }

    [Fact]
    public async Task An_activity_that_throws_fails_with_the_official_words()
    {
        await using var host = await TestHost.StartAsync(storage, [typeof(Failing)]);
        var id = await host.Engine.Client.ScheduleNewOrchestrationInstanceAsync("Fails", Cancelled);
        var end = await host.Engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancelled);

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("Task 'Boom' (#0) failed with an unhandled exception: boom", end.FailureDetails!.ErrorMessage);
    }

    [Fact]
    public async Task Payloads_are_read_and_written_as_the_app_configures_json()
    {
        await using var host = await TestHost.StartAsync(
            storage,
            [typeof(Echoing)],
            builder => builder.Services.Configure<JsonSerializerOptions>(o => o.Converters.Add(new JsonStringEnumConverter())));
        var input = JsonSerializer.SerializeToElement(new { DAY = "Friday" });
        var id = await host.Engine.Client.ScheduleNewOrchestrationInstanceAsync("Echo", input, Cancelled);
        var end = await host.Engine.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, Cancelled);

        Assert.Equal("""{"Day":"Friday"}""", end.SerializedOutput);
    }

    [Fact]
    public async Task A_client_reaches_queue_and_timer_functions_alike()
    {
        var name = $"q{Guid.NewGuid():N}";
        await using var host = await TestHost.StartAsync(storage, [typeof(Starters), typeof(Failing)], null, $"QUEUE={name}");
        var queue = new Azure.Storage.Queues.QueueClient(
            storage.ConnectionString, name, new() { MessageEncoding = Azure.Storage.Queues.QueueMessageEncoding.Base64 });
        await queue.CreateIfNotExistsAsync(cancellationToken: Cancelled);
        await queue.SendMessageAsync("from-queue", Cancelled);

        while (await host.Engine.Client.GetInstanceAsync("from-queue", Cancelled) is null)
            await Task.Delay(20, Cancelled);
        while (await host.Engine.Client.GetInstanceAsync("from-timer", Cancelled) is null)
            await Task.Delay(20, Cancelled);
    }

    public sealed record Offset(int Value);

    public sealed record Span(int From, int To);

    public sealed record Total(int Value, string Orchestration);

    public sealed class Sums(Offset offset)
    {
        [Function("StartSums")]
        public static async Task<IActionResult> Start(
            [HttpTrigger("post", Route = "sums/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
        {
            var span = new Span(int.Parse(request.Query["from"]!, null), int.Parse(request.Query["to"]!, null));
            await client.ScheduleNewOrchestrationInstanceAsync("SumOfSquares", span, new StartOrchestrationOptions(id), cancellationToken);
            return new AcceptedResult();
        }

        [Function("SumOfSquares")]
        public static async Task<Total> SumAsync([OrchestrationTrigger] TaskOrchestrationContext context, Span input, FunctionContext function)
        {
            Assert.Equal("SumOfSquares", function.FunctionDefinition.Name);
            Assert.Equal(input, context.GetInput<Span>());
            var squares = await Task.WhenAll(
                Enumerable.Range(input.From, input.To - input.From + 1).Select(n => context.CallActivityAsync<int>("Square", n)));
            return await context.CallActivityAsync<Total>("AddUp", new Parts(squares, context.InstanceId));
        }

        [Function("Square")]
        public static int Square([ActivityTrigger] int number) => number * number;

        [Function("AddUp")]
        public async ValueTask<Total> AddUp([ActivityTrigger] Parts parts, FunctionContext context, CancellationToken cancellationToken)
        {
            Assert.False(cancellationToken.IsCancellationRequested);
            Assert.Equal("AddUp", context.FunctionDefinition.Name);
            await Task.Yield();
            return new(parts.Numbers.Sum() + offset.Value, parts.Orchestration);
        }
    }

    public sealed record Parts(int[] Numbers, string Orchestration);

    public static class Failing
    {
        [Function("Fails")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Boom");

        [Function("Boom")]
        public static void Boom([ActivityTrigger] string? input) => throw new InvalidOperationException("boom");
    }

    public sealed record When(DayOfWeek Day);

    public static class Echoing
    {
        [Function("Echo")]
        public static Task<When> Run([OrchestrationTrigger] TaskOrchestrationContext context, When input) =>
            context.CallActivityAsync<When>("EchoDay", input);

        [Function("EchoDay")]
        public static When EchoDay([ActivityTrigger] When when) => when;
    }

    public static class Starters
    {
        [Function("FromQueue")]
        public static Task FromQueue([QueueTrigger("%QUEUE%")] string id, [DurableClient] DurableTaskClient client) =>
            client.ScheduleNewOrchestrationInstanceAsync("Fails", null, new StartOrchestrationOptions(id));

        [Function("FromTimer")]
        public static Task FromTimer([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer, [DurableClient] DurableTaskClient client) =>
            client.ScheduleNewOrchestrationInstanceAsync("Fails", null, new StartOrchestrationOptions("from-timer"));
    }
}
