using LocalHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class ControlTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_second_start_of_a_running_id_is_refused()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();
        var options = new StartOrchestrationOptions("one");
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, options, Token);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, options, Token));

        Assert.Equal("An Orchestration instance with the status Running already exists.", refused.Message);
    }

    [Fact]
    public async Task An_ended_id_starts_again_unless_its_status_is_deduped()
    {
        App.Orchestrator("Echo", context => Task.FromResult<object?>(context.GetInput<int>()));
        await StartAsync();
        await RunAsync("Echo", 1, "one");
        var dedupes = new StartOrchestrationOptions("one").WithDedupeStatuses(OrchestrationRuntimeStatus.Completed);

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(
            () => Client.ScheduleNewOrchestrationInstanceAsync("Echo", 2, dedupes, Token));
        var again = await RunAsync("Echo", 3, "one");
        await CrashAndStartAsync();

        Assert.Equal("An Orchestration instance with the status Completed already exists.", refused.Message);
        Assert.Equal(3, again.ReadOutputAs<int>());
        Assert.Equal(3, (await Client.GetInstanceAsync("one", true, Token))!.ReadOutputAs<int>());
    }

    [Fact]
    public async Task Of_many_starts_of_one_id_at_once_exactly_one_is_accepted()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();

        var accepted = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            try
            {
                await Client.ScheduleNewOrchestrationInstanceAsync("Waits", i, new StartOrchestrationOptions("one"), Token);
                return 1;
            }
            catch (InvalidOperationException)
            {
                return 0;
            }
        }));

        Assert.Equal(1, accepted.Sum());
    }

    [Fact]
    public async Task Termination_ends_the_instance_with_the_given_output()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);

        await Client.TerminateInstanceAsync("one", "enough", Token);
        var end = await EndOf("one");

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, end.RuntimeStatus);
        Assert.Equal("enough", end.ReadOutputAs<string>());
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.TerminateInstanceAsync("one", Token));
        await Assert.ThrowsAsync<InvalidOperationException>(() => Client.SuspendInstanceAsync("one", Token));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Termination_reaches_children_only_where_it_is_recursive(bool recursive)
    {
        App.Orchestrator("Child", async context => await context.WaitForExternalEvent<int>("x"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(instanceId: "child")));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"), Token);
        await WaitFor(async () => await Client.GetInstanceAsync("child", Token) is not null);

        await Client.TerminateInstanceAsync("parent", new TerminateInstanceOptions(null, recursive), Token);
        await EndOf("parent");

        if (recursive)
            Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await EndOf("child")).RuntimeStatus);
        else
            Assert.Equal(OrchestrationRuntimeStatus.Running, (await Client.GetInstanceAsync("child", Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_suspended_instance_keeps_its_events_and_goes_on_when_resumed()
    {
        App.Orchestrator("Waits", async context =>
            new[] { await context.WaitForExternalEvent<int>("x"), await context.WaitForExternalEvent<int>("x") });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);

        await Client.SuspendInstanceAsync("one", "hold", Token);
        await Client.RaiseEventAsync("one", "x", 1, Token);
        await Client.RaiseEventAsync("one", "x", 2, Token);
        await CrashAndStartAsync();
        var suspended = await Client.GetInstanceAsync("one", Token);
        await Client.ResumeInstanceAsync("one", "go", Token);

        Assert.Equal(OrchestrationRuntimeStatus.Suspended, suspended!.RuntimeStatus);
        Assert.Equal((int[])[1, 2], (await EndOf("one")).ReadOutputAs<int[]>()!);
        var history = (await Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub))
            .GetBlobClient(BlobNames.History("one", 1)).DownloadContentAsync(Token)).Value.Content.ToString();
        Assert.Contains("{\"kind\":\"suspended\",\"reason\":\"hold\"}", history, StringComparison.Ordinal);
        Assert.Contains("{\"kind\":\"resumed\",\"reason\":\"go\"}", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_purge_deletes_every_blob_of_an_ended_instance_and_nothing_of_others()
    {
        App.Activity<string>("Echo", text => text)
            .Orchestrator("Large", async context => await context.CallActivityAsync<string>("Echo", context.GetInput<string>()))
            .Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"));
        await StartAsync();
        await RunAsync("Large", new string('x', 100_000), "a");
        await RunAsync("Large", new string('x', 100_000), "a@00000001");
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("runs"), Token);

        var purged = await Client.PurgeInstanceAsync("a", Token);
        var running = await Client.PurgeInstanceAsync("runs", Token);
        var unknown = await Client.PurgeInstanceAsync("nobody", Token);
        await CrashAndStartAsync();

        Assert.Equal([1, 0, 0], new[] { purged, running, unknown }.Select(result => result.PurgedInstanceCount));
        Assert.Null(await Client.GetInstanceAsync("a", Token));
        Assert.Equal(100_000, (await Client.GetInstanceAsync("a@00000001", true, Token))!.ReadOutputAs<string>()!.Length);
        var left = new List<string>();
        await foreach (var blob in Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub)).GetBlobsAsync(cancellationToken: Token))
            left.Add(blob.Name);
        Assert.DoesNotContain(left, name => name.Contains("/a@", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_purge_by_filter_takes_the_ended_instances_it_is_for_and_children_where_asked()
    {
        App.Orchestrator("Child", _ => Task.FromResult<object?>(1))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(instanceId: context.InstanceId + "-child")))
            .Orchestrator("Fails", _ => throw new IOException("x"));
        await StartAsync();
        await RunAsync("Parent", id: "p");
        await RunAsync("Fails", id: "f");

        var failed = await Client.PurgeAllInstancesAsync(
            new PurgeInstancesFilter(Statuses: [OrchestrationRuntimeStatus.Failed]), Token);
        var recursive = await Client.PurgeInstanceAsync("p", new PurgeInstanceOptions(true), Token);

        Assert.Equal(1, failed.PurgedInstanceCount);
        Assert.Equal(2, recursive.PurgedInstanceCount);
        Assert.Null(await Client.GetInstanceAsync("p-child", Token));
    }
}
