using LocalHost.Durable.History;
using LocalHost.Durable.Storage;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class BoundsTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_payload_over_48_KiB_goes_to_a_blob_of_its_own_and_one_under_it_into_the_history()
    {
        App.Activity<int>("Make", length => new string('x', length))
            .Orchestrator("Makes", async context => (await context.CallActivityAsync<string>("Make", context.GetInput<int>())).Length);
        await StartAsync();

        // The payload is the text with its two quotation marks.
        var under = await RunAsync("Makes", (48 * 1024) - 2, "under");
        var over = await RunAsync("Makes", (48 * 1024) - 1, "over");

        Assert.Equal([(48 * 1024) - 2, (48 * 1024) - 1], [under.ReadOutputAs<int>(), over.ReadOutputAs<int>()]);
        Assert.Empty(await BlobsAsync(BlobNames.PayloadsOf("under", 1)));
        Assert.Equal(48 * 1024 + 1, Assert.Single(await BlobsAsync(BlobNames.PayloadsOf("over", 1))).Bytes);
        Assert.True(Assert.Single(await BlobsAsync(BlobNames.HistoriesOf("over"))).Bytes < 10_000);
    }

    [Fact]
    public async Task After_many_generations_the_instance_keeps_no_more_than_after_one()
    {
        App.Activity<int>("Next", x => x + 1)
            .Orchestrator("Counts", async context =>
            {
                var next = await context.CallActivityAsync<int>("Next", context.GetInput<int>());
                if (next == 60)
                    return next;
                context.ContinueAsNew(next);
                return null;
            });
        await StartAsync(options => options with { ChecksReplay = false });

        Assert.Equal(60, (await RunAsync("Counts", 59, "short")).ReadOutputAs<int>());
        Assert.Equal(60, (await RunAsync("Counts", 0, "long")).ReadOutputAs<int>());

        await WaitFor(async () => (await BlobsAsync(BlobNames.HistoriesOf("long"))).Count == 1);
        var (once, often) = (await BlobsAsync(BlobNames.HistoriesOf("short")), await BlobsAsync(BlobNames.HistoriesOf("long")));
        // But for the digits of one number they are the same history.
        Assert.InRange(often[0].Bytes, once[0].Bytes - 8, once[0].Bytes + 8);
    }

    [Fact]
    public async Task A_failure_of_any_size_or_depth_fails_its_orchestration_and_not_the_hub()
    {
        App.Activity<string>("Shouts", _ => throw new InvalidOperationException(new string('!', 6_000_000)))
            .Activity<string>("Nests", _ => throw Enumerable.Range(0, 500).Aggregate(
                new InvalidOperationException("the cause"), (inner, i) => new InvalidOperationException($"level {i}", inner)))
            .Activity<string>("Broken", _ => throw new InvalidOperationException("half a pair \ud800"))
            .Orchestrator("Calls", async context => await context.CallActivityAsync<string>(context.GetInput<string>()!))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Calls", "Shouts"));
        await StartAsync();

        var shouted = await RunAsync("Calls", "Shouts", "shouts");
        var nested = await RunAsync("Calls", "Nests", "nests");
        var broken = await RunAsync("Calls", "Broken", "broken");
        var through = await RunAsync("Parent", id: "parent");

        Assert.All([shouted, nested, broken, through], end => Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus));
        Assert.StartsWith("Task 'Shouts' (#0) failed with an unhandled exception: !!!", shouted.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.True(shouted.FailureDetails.ErrorMessage.Length < 2 * FailureBounds.MaxText);
        Assert.Contains("half a pair", broken.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", through.FailureDetails!.ErrorType);

        await CrashAndStartAsync();
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await Client.GetInstanceAsync("nests", true, Token))!.RuntimeStatus);
    }

    private async Task<List<(string Name, long Bytes)>> BlobsAsync(string prefix)
    {
        var found = new List<(string, long)>();
        await foreach (var blob in Azurite.Blobs.GetBlobContainerClient(BlobNames.Container(Hub))
            .GetBlobsAsync(Azure.Storage.Blobs.Models.BlobTraits.None, Azure.Storage.Blobs.Models.BlobStates.None, prefix, Token))
            found.Add((blob.Name, blob.Properties.ContentLength ?? 0));
        return found;
    }
}
