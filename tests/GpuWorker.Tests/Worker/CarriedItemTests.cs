using System.Collections.Concurrent;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public sealed class CarriedItemTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task An_item_whose_policy_is_there_costs_a_message_a_result_a_report_and_a_deletion()
    {
        ConcurrentQueue<string> asked = [];
        RequestFilter filter = new()
        {
            Fails = request =>
            {
                asked.Enqueue($"{request.Method} {request.Uri.Path}");
                return false;
            },
        };
        var first = await EvaluationAsync();
        await DispatchCarriedAsync(first);
        await StartWorkerAsync(FakeExecutor.Answering(), Quick with { ClaimSeconds = 60, ControlSeconds = 60 }, filter);
        await ResultAsync(first.Id);
        await DrainedAsync();
        asked.Clear();

        var second = first with { Id = Id(chunk: 1) };
        await DispatchCarriedAsync(second);
        Assert.Null((await ResultAsync(second.Id)).Failure);
        await DrainedAsync();

        // What is left out are questions to a queue that is empty; the one that the message answered counts.
        string[] costs = [.. asked.Where(request => !request.StartsWith("GET", StringComparison.Ordinal) || !request.Contains("/messages", StringComparison.Ordinal))];
        Assert.Equal(3, costs.Length);
        Assert.Contains(costs, request => request.StartsWith("PUT", StringComparison.Ordinal) && request.EndsWith(StorageNames.Result(second.Id), StringComparison.Ordinal));
        Assert.Contains(costs, request => request.StartsWith("POST", StringComparison.Ordinal) && request.Contains("/results/messages", StringComparison.Ordinal));
        Assert.Contains(costs, request => request.StartsWith("DELETE", StringComparison.Ordinal) && request.Contains("/work/messages", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("of another hash")]
    [InlineData("not packed")]
    public async Task What_a_message_carries_is_the_item_or_the_blob_is_read(string damage)
    {
        var item = await EvaluationAsync();
        var bytes = JsonSerializer.SerializeToUtf8Bytes<WorkItem>(item, CurriculumJson.Default.WorkItem);
        await Blob(StorageNames.WorkContainer, StorageNames.Item(item.Id)).UploadAsync(BinaryData.FromBytes(bytes), Token);
        var message = new WorkMessage(item.Id, Sha256Hex.Of(bytes), "instance-1");
        var other = JsonSerializer.Deserialize(CarriedItem.Write(message, "{}"u8), CurriculumJson.Default.WorkMessage)!;
        await QueueAsync(damage == "not packed" ? message with { Item = [1, 2, 3] } : other);
        await StartWorkerAsync(FakeExecutor.Answering());
        Assert.Null((await ResultAsync(item.Id)).Failure);
    }

    [Fact]
    public async Task A_message_that_carries_another_item_is_set_aside_without_it_and_stores_nothing()
    {
        var item = await EvaluationAsync();
        var bytes = JsonSerializer.SerializeToUtf8Bytes<WorkItem>(item with { Id = Id(chunk: 7) }, CurriculumJson.Default.WorkItem);
        WorkMessage message = new(item.Id, Sha256Hex.Of(bytes), "instance-1");
        await WorkQueue.SendMessageAsync(Convert.ToBase64String(CarriedItem.Write(message, bytes)), Token);
        await StartWorkerAsync(FakeExecutor.Answering());
        await DrainedAsync();

        var poison = Assert.Single(await PoisonAsync());
        Assert.Equal(message, JsonSerializer.Deserialize(Convert.FromBase64String(poison.Text), CurriculumJson.Default.WorkMessage));
        Assert.False(await Blob(StorageNames.WorkContainer, StorageNames.Result(item.Id)).ExistsAsync(Token));
    }
}
