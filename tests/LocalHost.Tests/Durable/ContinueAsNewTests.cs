using LocalHost.Durable.Storage;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class ContinueAsNewTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task Every_generation_has_its_own_input_and_creation_time_and_only_the_last_is_stored()
    {
        App.Activity<int>("Next", x => x + 1)
            .Orchestrator("Counts", async context =>
            {
                var next = await context.CallActivityAsync<int>("Next", context.GetInput<int>());
                if (next == 5)
                    return next;
                context.ContinueAsNew(next);
                return null;
            });
        await StartAsync();
        var before = DateTimeOffset.UtcNow;

        var end = await RunAsync("Counts", 0, "one");

        Assert.Equal(5, end.ReadOutputAs<int>());
        Assert.Equal(4, end.ReadInputAs<int>());
        Assert.True(end.CreatedAt > before);
        await WaitFor(async () =>
        {
            var blobs = new List<string>();
            await foreach (var blob in Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub))
                .GetBlobsAsync(cancellationToken: Token))
                blobs.Add(blob.Name);
            return blobs.Order().SequenceEqual([BlobNames.History("one", 5), BlobNames.Lease]);
        });
    }

    [Theory]
    [InlineData(true, "2")]
    [InlineData(false, "none")]
    public async Task Events_that_nothing_waited_for_go_on_where_they_are_preserved(bool preserve, string expected)
    {
        App.Orchestrator("Waits", async context =>
        {
            if (context.GetInput<int>() == 0)
            {
                await context.WaitForExternalEvent<int>("go");
                context.ContinueAsNew(1, preserve);
                return null;
            }

            try
            {
                return (await context.WaitForExternalEvent<int>("kept", TimeSpan.FromMilliseconds(300))).ToString(
                    System.Globalization.CultureInfo.InvariantCulture);
            }
            catch (TaskCanceledException)
            {
                return "none";
            }
        });
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", 0, new StartOrchestrationOptions("one"), Token);

        await Client.RaiseEventAsync("one", "kept", 2, Token);
        await Client.RaiseEventAsync("one", "go", 1, Token);

        Assert.Equal(expected, (await EndOf("one")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_next_generation_may_have_another_version()
    {
        App.Orchestrator("Upgrades", context =>
        {
            if (context.Version == "1.0")
                context.ContinueAsNew(new ContinueAsNewOptions { NewVersion = "1.1" });
            return Task.FromResult<object?>(context.Version);
        });
        await StartAsync(options => options with { DefaultVersion = "1.0" });

        Assert.Equal("1.1", (await RunAsync("Upgrades")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task A_parent_gets_the_result_of_its_childs_last_generation()
    {
        App.Orchestrator("Child", context =>
            {
                if (context.GetInput<int>() < 3)
                    context.ContinueAsNew(context.GetInput<int>() + 1);
                return Task.FromResult<object?>(context.GetInput<int>());
            })
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Child", 0));
        await StartAsync();

        Assert.Equal(3, (await RunAsync("Parent")).ReadOutputAs<int>());
    }
}
