using LocalHost.Durable.Storage;
using Microsoft.DurableTask;

namespace LocalHost.Tests.Durable;

public sealed class OutageTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    private readonly FlakyStorage _storage = new();

    [Fact]
    public async Task An_orchestration_waits_while_the_storage_is_away_and_goes_on_when_it_is_back()
    {
        await StartWithStepsAsync();
        var id = await Client.ScheduleNewOrchestrationInstanceAsync("Steps", null, new StartOrchestrationOptions("one"), Token);

        _storage.IsDown = true;
        await WaitFor(() => Task.FromResult(_storage.Failures > 1));
        _storage.IsDown = false;

        Assert.Equal(10, (await EndOf(id)).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_write_whose_answer_was_lost_is_not_taken_for_another_hosts()
    {
        await StartWithStepsAsync();

        _storage.LosesEvery = 4;
        var end = await RunAsync("Steps", id: "one");
        _storage.LosesEvery = int.MaxValue;

        Assert.Equal(10, end.ReadOutputAs<int>());
        Assert.True(_storage.Failures > 3);
        var history = await Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub))
            .GetBlobClient(BlobNames.History("one", 1)).DownloadContentAsync(Token);
        // Every turn once: the start, ten activities and ten timers.
        Assert.Equal(21, history.Value.Content.ToString().Split("\"kind\":\"turn\"").Length - 1);
        Assert.DoesNotContain("\"kind\":\"host\"", history.Value.Content.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task No_activity_begins_before_it_is_durable_that_it_was_called()
    {
        var began = 0;
        var durable = false;
        App.Activity<int>("Step", async (x, cancellation) =>
            {
                Interlocked.Increment(ref began);
                var history = await Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub))
                    .GetBlobClient(BlobNames.History("one", 1)).DownloadContentAsync(cancellation);
                durable = history.Value.Content.ToString().Contains("\"kind\":\"activity-scheduled\"", StringComparison.Ordinal);
                return x + 1;
            })
            .Orchestrator("Waits", async context =>
                await context.CallActivityAsync<int>("Step", await context.WaitForExternalEvent<int>("x")));
        await StartAsync(options => options with { Blobs = _storage.Through(Azurite.Server.ConnectionString) });
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("one"), Token);
        await Client.WaitForInstanceStartAsync("one", false, Token);

        _storage.IsDown = true;
        var raised = Client.RaiseEventAsync("one", "x", 4, Token);
        await WaitFor(() => Task.FromResult(_storage.Failures > 4));
        Assert.Equal(0, began);
        Assert.False(raised.IsCompleted);
        _storage.IsDown = false;

        Assert.Equal(5, (await EndOf("one")).ReadOutputAs<int>());
        Assert.Equal(1, began);
        Assert.True(durable, "Expected the history to hold the call when the activity began.");
    }

    private Task<LocalHost.Durable.DurableEngine> StartWithStepsAsync()
    {
        App.Activity<int>("Step", x => x + 1)
            .Orchestrator("Steps", async context =>
            {
                var value = 0;
                for (var i = 0; i < 10; i++)
                {
                    value = await context.CallActivityAsync<int>("Step", value);
                    await context.CreateTimer(TimeSpan.FromMilliseconds(10), CancellationToken.None);
                }

                return value;
            });
        return StartAsync(options => options with { Blobs = _storage.Through(Azurite.Server.ConnectionString) });
    }
}
