using System.Text.Json;
using Azure.Storage.Blobs;
using Azure.Storage.Queues;
using Curriculum.Work;
using EndToEnd.Tests.Chaos;
using Testing;
using static EndToEnd.Tests.StoredRun;

namespace EndToEnd.Tests;

/// <summary>Results and messages in places where they do not belong, over the real host, a real worker and Azurite.</summary>
[Trait("Speed", "slow")]
public class WrongResultTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(12);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_not_an_items_own_trains_nothing_and_the_run_ends_with_the_same_bits()
    {
        await using var stack = await LocalSystem.StartAsync(workers: 1, proxied: true);
        await Plans.UploadBaseAsync(stack);
        var calm = await stack.SubmitAsync(ChaosRuns.Plan, "calm");
        Assert.Equal("completed", (string)(await stack.WaitForEndAsync(calm, Limit))["state"]!);

        var work = new BlobContainerClient(stack.Azurite.ConnectionString, StorageNames.WorkContainer);
        var (rollout, update) = (Item("wrong/srl-sft/1/0/0/0/0/0/rollout"), Item("wrong/srl-sft/1/0/0/0/0/0/update"));
        // Another item's result, of the same kind, in the place of a rollout's; one of another kind in the place of an update's.
        var placed = stack.Proxies["worker-1"].ArmAsync(Storing(rollout, () => PutAsync(work, rollout, Item("calm/srl-sft/1/0/0/1/0/0/rollout"))));
        // Before the run: a message for an item that is not there yet, with a hash that is not its own.
        await new QueueClient(stack.Azurite.ConnectionString, StorageNames.WorkQueue).SendMessageAsync(Convert.ToBase64String(
            JsonSerializer.SerializeToUtf8Bytes(new WorkMessage(update, new string('0', 64), "nobody"), CurriculumJson.Default.WorkMessage)), Token);
        var run = await stack.SubmitAsync(ChaosRuns.Plan, "wrong");
        await placed.WaitAsync(Token);
        var placedToo = stack.Proxies["worker-1"].ArmAsync(Storing(update, () => PutAsync(work, update, Item("calm/srl-sft/1/0/0/0/0/0/rollout"))));
        await placedToo.WaitAsync(Token);

        var end = await stack.WaitForEndAsync(run, Limit);

        Assert.True((string)end["state"]! == "completed", end.ToJsonString());
        Assert.Equal(await VerdictAsync(stack, calm), await VerdictAsync(stack, run));
        Assert.Equal(await CheckpointsAsync(stack, calm), await CheckpointsAsync(stack, run));
        var told = end["incidents"]!.AsArray().Select(incident => (string)incident!["what"]!).ToList();
        Assert.Contains(told, what => what.StartsWith($"The result of work item {rollout} was set aside and the item sent again: it is the result of ", StringComparison.Ordinal));
        Assert.Contains(told, what => what.StartsWith($"The result of work item {update} was set aside and the item sent again: it is the result of ", StringComparison.Ordinal));
    }

    private static WorkItemId Item(string id) => WorkItemId.Parse(id);

    private static ProxyFault Storing(WorkItemId item, Func<Task> before) => new(
        (method, path) => method == "PUT" && path.EndsWith($"/{StorageNames.Result(item)}", StringComparison.Ordinal))
    { Before = before };

    private static async Task PutAsync(BlobContainerClient work, WorkItemId at, WorkItemId others)
    {
        var result = await work.GetBlobClient(StorageNames.Result(others)).DownloadContentAsync(Token);
        await work.GetBlobClient(StorageNames.Result(at)).UploadAsync(result.Value.Content, overwrite: true, Token);
    }
}
