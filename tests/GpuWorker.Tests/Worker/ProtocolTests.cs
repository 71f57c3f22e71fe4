using System.Text;
using System.Text.Json;
using Azure.Core;
using Azure.Storage.Queues.Models;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public class ProtocolTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task An_item_is_computed_stored_reported_and_deleted()
    {
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(FakeExecutor.Answering());

        var result = await ResultAsync(message.Id);
        await DrainedAsync();

        Assert.Equal((message.Id, message.InputHash, "fake;threads=1"), (result.Id, result.InputHash, result.Fingerprint));
        Assert.Null(result.Failure);
        Assert.Equal("p1", Assert.Single(Assert.IsType<EvaluateOutput>(result.Output).Answers).ProblemId);
        Assert.Equal("one", result.Timing.Worker);
        Assert.Equal(new ResultMessage(message.Id, "instance-1"), Assert.Single(await ReportsAsync()));
        Assert.Equal("one", (await ClaimAsync(message.Id)).Worker);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task A_stored_result_is_reported_again_and_not_computed_again()
    {
        var message = await DispatchAsync(await EvaluationAsync());
        var executor = FakeExecutor.Answering();
        await StartWorkerAsync(executor);
        await DrainedAsync();
        await QueueAsync(message with { IsRepeated = true });
        await DrainedAsync();

        Assert.Equal(1, executor.Calls);
        Assert.Equal(2, (await ReportsAsync()).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_stored_result_of_other_input_is_dead_lettered_with_both_hashes_and_reported(bool isRepeated)
    {
        var message = await DispatchAsync(await EvaluationAsync(), isRepeated);
        await PutAsync(
            StorageNames.WorkContainer, StorageNames.Result(message.Id),
            new WorkResult
            {
                Id = message.Id,
                InputHash = "another",
                Failure = new("error", "x"),
                Fingerprint = "f",
                Timing = new("two", DateTimeOffset.UnixEpoch, 1),
            },
            CurriculumJson.Default.WorkResult);
        var executor = FakeExecutor.Answering();
        await StartWorkerAsync(executor);
        await DrainedAsync();

        var poison = Assert.Single(await PoisonAsync());
        Assert.Equal(message.Id, poison.Id);
        Assert.Contains(message.InputHash, poison.Reason, StringComparison.Ordinal);
        Assert.Contains("another", poison.Reason, StringComparison.Ordinal);
        Assert.Single(await ReportsAsync());
        Assert.Equal(isRepeated ? 0 : 1, executor.Calls);
        Assert.Equal("another", (await ResultAsync(message.Id)).InputHash);
    }

    [Fact]
    public async Task An_item_that_cannot_be_read_fails_and_its_message_is_dead_lettered()
    {
        var id = Id();
        var bytes = Encoding.UTF8.GetBytes("{\"type\":\"no such type\"}");
        var hash = Sha256Hex.Of(bytes);
        await Blob(StorageNames.WorkContainer, StorageNames.Item(id)).UploadAsync(BinaryData.FromBytes(bytes), Token);
        await QueueAsync(new(id, hash, "instance-1"));
        await StartWorkerAsync(FakeExecutor.Answering());
        await DrainedAsync();

        var result = await ResultAsync(id);
        Assert.Equal(("bad-item", hash), (result.Failure!.Kind, result.InputHash));
        Assert.Contains("to be whole; it cannot be read", result.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(result.Failure.Message, Assert.Single(await PoisonAsync()).Reason);
        Assert.Single(await ReportsAsync());
    }

    [Theory]
    [InlineData("no such item", "found none")]
    [InlineData("another hash", "Expected SHA-256")]
    [InlineData("another item", "found")]
    public async Task A_message_that_is_not_the_items_own_is_set_aside_and_stores_nothing(string what, string reason)
    {
        var item = await EvaluationAsync();
        var bytes = JsonSerializer.SerializeToUtf8Bytes<WorkItem>(what == "another item" ? item with { Id = Id(chunk: 7) } : item, CurriculumJson.Default.WorkItem);
        if (what != "no such item")
            await Blob(StorageNames.WorkContainer, StorageNames.Item(item.Id)).UploadAsync(BinaryData.FromBytes(bytes), Token);
        await QueueAsync(new(item.Id, what == "another hash" ? Sha256Hex.Of("something else"u8) : Sha256Hex.Of(bytes), "instance-1"));
        var executor = FakeExecutor.Answering();
        await StartWorkerAsync(executor);
        await DrainedAsync();

        var poison = Assert.Single(await PoisonAsync());
        Assert.Equal(item.Id, poison.Id);
        Assert.Contains(reason, poison.Reason, StringComparison.Ordinal);
        Assert.False(await Blob(StorageNames.WorkContainer, StorageNames.Result(item.Id)).ExistsAsync(Token));
        Assert.Empty(await ReportsAsync());
        Assert.Equal(0, executor.Calls);

        // The item is done as ever once its own message comes, also where a bogus one came before it was there.
        await DispatchAsync(item);
        Assert.Null((await ResultAsync(item.Id)).Failure);
    }

    [Theory]
    [InlineData("not base64 at all!")]
    [InlineData("bm90IGpzb24=")]
    [InlineData("eyJpZCI6Im5vLWlkIiwiaW5wdXRIYXNoIjoiaCIsImluc3RhbmNlIjoiaSJ9")]
    public async Task A_message_that_is_no_work_message_is_dead_lettered_with_its_text(string text)
    {
        await WorkQueue.SendMessageAsync(text, Token);
        await StartWorkerAsync(FakeExecutor.Answering());
        await DrainedAsync();

        var poison = Assert.Single(await PoisonAsync());
        Assert.Equal(text, poison.Text);
        Assert.StartsWith("Expected a work message", poison.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_workers_on_one_item_leave_one_result_and_no_message()
    {
        using var gate = new ManualResetEventSlim();
        FakeExecutor Waiting() => new(call =>
        {
            call.MoveUntil(gate);
            return FakeExecutor.Answer();
        });
        var (first, second) = (Waiting(), Waiting());
        var message = await DispatchAsync(await EvaluationAsync());
        await QueueAsync(message);
        await StartWorkerAsync(first);
        await StartWorkerAsync(second, Quick with { Name = "two" });
        await EventuallyAsync(() => first.Calls == 1 && second.Calls == 1, "both workers to compute");
        gate.Set();
        await DrainedAsync();

        var stored = await ResultAsync(message.Id);
        Assert.Null(stored.Failure);
        Assert.Equal(2, (await ReportsAsync()).Count);
        Assert.Empty(await PoisonAsync());
        Assert.Equal((1, 1), (first.Calls, second.Calls));
    }

    [Fact]
    public async Task A_stale_pop_receipt_renews_nothing_deletes_nothing_and_does_not_stop_the_worker()
    {
        using var gate = new ManualResetEventSlim();
        var executor = new FakeExecutor(call =>
        {
            call.MoveUntil(gate);
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        var filter = new RequestFilter();
        await StartWorkerAsync(executor, Quick with { VisibilitySeconds = 1 }, filter);
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        // The renewals are kept from the storage until the message shows again; then it is delivered to somebody else.
        filter.Holds = request => request.Method == RequestMethod.Put && request.Uri.Path.Contains("/work/messages/", StringComparison.Ordinal);
        await filter.Held.WaitAsync(TimeSpan.FromSeconds(60), Token);
        QueueMessage? stolen = null;
        await EventuallyAsync(
            async () => (stolen = (await WorkQueue.ReceiveMessageAsync(TimeSpan.FromMinutes(2), Token)).Value) is not null, "the message to show again");
        filter.Holds = _ => false;
        filter.LetGo();
        gate.Set();
        Assert.Null((await ResultAsync(message.Id)).Failure);

        // It is still the other's, whose delivery finds the result.
        var next = await DispatchAsync(await EvaluationAsync(chunk: 1));
        Assert.Null((await ResultAsync(next.Id)).Failure);
        await EventuallyAsync(
            async () => (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount == 1, "only the other's message in the queue");
        await WorkQueue.UpdateMessageAsync(stolen!.MessageId, stolen.PopReceipt, visibilityTimeout: TimeSpan.Zero, cancellationToken: Token);
        await DrainedAsync();
        Assert.Equal(2, executor.Calls);
    }

    [Fact]
    public async Task A_failure_of_a_known_kind_is_the_result_at_the_first_try()
    {
        var executor = new FakeExecutor(_ => throw new WorkFailedException(WorkFailedException.NonFinite, "The loss of step 3 is NaN."));
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor);
        await DrainedAsync();

        Assert.Equal(new("non-finite", "The loss of step 3 is NaN."), (await ResultAsync(message.Id)).Failure);
        Assert.Equal(1, executor.Calls);
        var log = Assert.Single(await LogsAsync(message.Id, 1));
        Assert.Equal(("one", 1, 0), (log.Worker, log.Delivery, log.Dropped));
        var line = Assert.Single(log.Lines);
        Assert.Equal("error", line.Level);
        Assert.Contains("failed (non-finite)", line.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_figure_that_is_not_a_number_is_a_failure_that_says_so()
    {
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(new(_ => FakeExecutor.Answer(double.NaN)));
        await DrainedAsync();

        Assert.Equal("non-finite", (await ResultAsync(message.Id)).Failure!.Kind);
    }

    [Fact]
    public async Task An_unexpected_error_is_tried_five_times_and_then_poison_with_the_last_error()
    {
        var executor = new FakeExecutor(_ => throw new InvalidOperationException("the shelf is empty"));
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor);
        await DrainedAsync();

        var failure = (await ResultAsync(message.Id)).Failure!;
        Assert.Equal(5, executor.Calls);
        Assert.Equal("poison", failure.Kind);
        Assert.Equal("Delivered 5 times without a result; the last error: the shelf is empty", failure.Message);
        Assert.Equal(failure.Message, Assert.Single(await PoisonAsync()).Reason);
        Assert.Single(await ReportsAsync());
        // One for each delivery: five tries, and the one that gave it up.
        var logs = await LogsAsync(message.Id, 6);
        Assert.Equal([1, 2, 3, 4, 5, 6], logs.Select(log => (int)log.Delivery));
        Assert.All(logs.Take(5), log => Assert.Contains("InvalidOperationException: the shelf is empty", Assert.Single(log.Lines).Text, StringComparison.Ordinal));
        Assert.Contains("dead-lettered", logs[5].Lines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_ordinary_item_costs_no_request_for_its_log_and_one_that_is_delivered_again_one()
    {
        var filter = new RequestFilter();
        var asked = 0;
        filter.Fails = request =>
        {
            if (request.Uri.Path.Contains("/log/", StringComparison.Ordinal))
                Interlocked.Increment(ref asked);
            return false;
        };
        var first = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(FakeExecutor.Answering(), filter: filter);
        await DrainedAsync();
        Assert.Equal(0, asked);
        await QueueAsync(first with { IsRepeated = true });
        await LogsAsync(first.Id, 1);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task A_message_delivered_five_times_in_vain_is_poison_without_another_try()
    {
        var executor = FakeExecutor.Answering();
        var message = await DispatchAsync(await EvaluationAsync());
        await DeliverInVainAsync(5);
        await StartWorkerAsync(executor);
        await DrainedAsync();

        Assert.Equal("poison", (await ResultAsync(message.Id)).Failure!.Kind);
        Assert.Equal(0, executor.Calls);
        Assert.Single(await PoisonAsync());
    }

    [Fact]
    public async Task A_finished_item_is_reported_and_never_poison_however_often_it_was_delivered()
    {
        var message = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(FakeExecutor.Answering());
        await DrainedAsync();
        await worker.StopAsync();
        await QueueAsync(message);
        await DeliverInVainAsync(5);
        await StartWorkerAsync(FakeExecutor.Answering());
        await DrainedAsync();

        Assert.Null((await ResultAsync(message.Id)).Failure);
        Assert.Empty(await PoisonAsync());
        Assert.Equal(2, (await ReportsAsync()).Count);
    }

    [Theory]
    [InlineData("delivery to item", "GET", "/item.json", 1)]
    [InlineData("item to claim", "PUT", "/claim", 1)]
    [InlineData("claim to store", "PUT", "/result.json", 2)]
    [InlineData("store to report", "POST", "/results/messages", 1)]
    [InlineData("report to delete", "DELETE", "/work/messages", 1)]
    public async Task A_worker_that_dies_between_two_steps_is_mended_by_the_next_delivery(string between, string method, string path, int computations)
    {
        var crash = new RequestFilter
        {
            Holds = request => request.Method == RequestMethod.Parse(method) && request.Uri.Path.Contains(path, StringComparison.Ordinal),
        };
        var (dying, next) = (FakeExecutor.Answering(), FakeExecutor.Answering());
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(dying, Quick with { VisibilitySeconds = 1, StopSeconds = 0 }, crash);
        await crash.Held.WaitAsync(TimeSpan.FromSeconds(60), Token);
        await StartWorkerAsync(next, Quick with { Name = "two" });
        await DrainedAsync();

        Assert.Null((await ResultAsync(message.Id)).Failure);
        // What hangs here only seems to be dead: it may be given its message again before the next worker is.
        Assert.InRange(dying.Calls + next.Calls, computations, computations + 2);
        var reports = await ReportsAsync();
        if (between == "report to delete")
            Assert.InRange(reports.Count, 2, 3);
        else
            Assert.Single(reports);
        Assert.All(reports, report => Assert.Equal(message.Id, report.Id));
    }
}
