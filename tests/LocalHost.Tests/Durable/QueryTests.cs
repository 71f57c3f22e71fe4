using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class QueryTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task Instances_are_listed_by_status_and_prefix_page_by_page()
    {
        App.Orchestrator("Ends", context => Task.FromResult<object?>(context.GetInput<int>()))
            .Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();
        for (var i = 0; i < 5; i++)
            await RunAsync("Ends", i, $"a{i}");
        await RunAsync("Ends", 9, "b");
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("a-waits"), Token);
        var query = new OrchestrationQuery(
            Statuses: [OrchestrationRuntimeStatus.Completed], InstanceIdPrefix: "a", PageSize: 2, FetchInputsAndOutputs: true);

        await CrashAndStartAsync();
        var pages = new List<Page<OrchestrationMetadata>>();
        await foreach (var page in Client.GetAllInstancesAsync(query).AsPages())
            pages.Add(page);
        var rest = new List<int>();
        await foreach (var instance in Client.GetAllInstancesAsync(query with { ContinuationToken = pages[0].ContinuationToken }))
            rest.Add(instance.ReadOutputAs<int>());

        Assert.Equal([2, 2, 1], pages.Select(page => page.Values.Count));
        Assert.Equal([2, 3, 4], rest);
    }

    [Fact]
    public async Task Metadata_read_without_payloads_has_none_and_says_so()
    {
        App.Orchestrator("Ends", _ => Task.FromResult<object?>(1));
        await StartAsync();
        await RunAsync("Ends", 5, "one");

        var metadata = await Client.GetInstanceAsync("one", Token);

        Assert.Null(metadata!.SerializedInput);
        Assert.Null(metadata.SerializedOutput);
        Assert.Throws<InvalidOperationException>(() => metadata.ReadOutputAs<int>());
        Assert.Null(await Client.GetInstanceAsync("nobody", Token));
    }

    [Fact]
    public async Task The_custom_status_is_the_last_one_set()
    {
        App.Orchestrator("Says", async context =>
        {
            context.SetCustomStatus(new { Step = 1 });
            await context.WaitForExternalEvent<int>("x");
            context.SetCustomStatus("two");
            context.SetCustomStatus("three");
            return null;
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Says", null, new StartOrchestrationOptions("one"), Token);

        var first = await Client.GetInstanceAsync("one", true, Token);
        await CrashAndStartAsync();
        var restored = await Client.GetInstanceAsync("one", true, Token);
        await Client.RaiseEventAsync("one", "x", 1, Token);

        Assert.Equal("""{"Step":1}""", first!.SerializedCustomStatus);
        Assert.Equal("""{"Step":1}""", restored!.SerializedCustomStatus);
        Assert.Equal("three", (await EndOf("one")).ReadCustomStatusAs<string>());
    }

    [Fact]
    public async Task The_history_tells_what_the_orchestrator_did()
    {
        App.Activity<int>("Double", x => 2 * x)
            .Orchestrator("Calls", async context => await context.CallActivityAsync<int>("Double", 4));
        await StartAsync();
        await RunAsync("Calls", id: "one");

        var history = await Engine.ReadHistoryAsync("one", Token);

        Assert.Equal(
            ["TurnStarted", "InstanceStarted", "ActivityScheduled", "TurnStarted", "ActivityCompleted", "InstanceEnded"],
            history!.Select(item => item.GetType().Name));
    }
}
