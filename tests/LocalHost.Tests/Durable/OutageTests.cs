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
