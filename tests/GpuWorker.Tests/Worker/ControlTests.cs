using Curriculum.Work;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public class ControlTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task An_item_of_a_canceled_run_is_canceled_before_it_begins()
    {
        var executor = FakeExecutor.Answering();
        await SetDesiredStateAsync(DesiredState.Cancel);
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor);
        await DrainedAsync();

        Assert.Equal("canceled", (await ResultAsync(message.Id)).Failure!.Kind);
        Assert.Equal(0, executor.Calls);
        Assert.Single(await ReportsAsync());
        Assert.False(await ClaimExistsAsync(message.Id));
    }

    [Fact]
    public async Task A_cancellation_stops_a_computation_at_its_next_heartbeat()
    {
        using var never = new ManualResetEventSlim();
        var executor = new FakeExecutor(call =>
        {
            call.MoveUntil(never);
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor);
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        await SetDesiredStateAsync(DesiredState.Cancel);
        await DrainedAsync();

        Assert.Equal("canceled", (await ResultAsync(message.Id)).Failure!.Kind);
        Assert.Single(await ReportsAsync());
    }

    [Fact]
    public async Task A_pause_stops_a_computation_at_its_next_heartbeat_and_a_resumption_computes_the_item_anew()
    {
        using var gate = new ManualResetEventSlim();
        var executor = new FakeExecutor(call =>
        {
            call.MoveUntil(gate);
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor, Quick with { MaxDequeueCount = 1 });
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        await SetDesiredStateAsync(DesiredState.Pause);
        await EventuallyAsync(async () => (await ClaimAsync(message.Id)).Released, "a released claim");
        gate.Set();
        Assert.False(await Blob(StorageNames.WorkContainer, StorageNames.Result(message.Id)).ExistsAsync(Token));

        await SetDesiredStateAsync(DesiredState.Run);
        Assert.Null((await ResultAsync(message.Id)).Failure);
        await DrainedAsync();
        Assert.Equal(2, executor.Calls);
        Assert.Single(await ReportsAsync());
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task An_item_of_a_paused_run_waits_without_spending_its_tries()
    {
        var executor = FakeExecutor.Answering();
        var filter = new RequestFilter();
        await SetDesiredStateAsync(DesiredState.Pause);
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(executor, Quick with { MaxDequeueCount = 1 }, filter);
        var control = $"{StorageNames.RunsContainer}/{StorageNames.Control(Run)}";
        await EventuallyAsync(() => filter.Seen.Count(request => request.EndsWith(control, StringComparison.Ordinal)) >= 2, "two looks at the control");
        Assert.Equal(0, executor.Calls);
        await SetDesiredStateAsync(DesiredState.Run);
        await DrainedAsync();

        Assert.Null((await ResultAsync(message.Id)).Failure);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task Storage_that_fails_for_a_while_costs_an_item_none_of_its_tries()
    {
        var failures = 3;
        var filter = new RequestFilter
        {
            Fails = request => request.Uri.Path.EndsWith("/item.json", StringComparison.Ordinal) && Interlocked.Decrement(ref failures) >= 0,
        };
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(FakeExecutor.Answering(), Quick with { MaxDequeueCount = 1 }, filter);
        await DrainedAsync();

        Assert.Null((await ResultAsync(message.Id)).Failure);
        Assert.Empty(await PoisonAsync());
    }

    [Fact]
    public async Task Storage_that_fails_everything_is_asked_less_and_less_often()
    {
        var filter = new RequestFilter { Fails = _ => true };
        var worker = await StartWorkerAsync(FakeExecutor.Answering(), filter: filter);
        await Task.Delay(TimeSpan.FromSeconds(4), Token);

        // A loop without pauses would have asked thousands of times; a busy machine asks less often still.
        Assert.InRange(filter.Seen.Count, 1, 100);
        Assert.False(worker.ExitAsked.IsCompleted);
        filter.Fails = _ => false;
        Assert.Null((await ResultAsync((await DispatchAsync(await EvaluationAsync())).Id)).Failure);
    }

    [Fact]
    public async Task Storage_that_is_away_for_a_while_loses_no_item_and_ends_no_worker()
    {
        using var gate = new ManualResetEventSlim();
        var refused = 0;
        var filter = new RequestFilter();
        var executor = new FakeExecutor(call =>
        {
            call.MoveUntil(gate);
            return FakeExecutor.Answer();
        });
        var first = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(executor, filter: filter);
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        filter.Unreachable = _ => Interlocked.Increment(ref refused) > 0;
        gate.Set();
        await EventuallyAsync(() => refused > 3, "a few refused requests");
        filter.Unreachable = _ => false;

        Assert.Null((await ResultAsync(first.Id)).Failure);
        var second = await DispatchAsync(await EvaluationAsync(chunk: 1));
        Assert.Null((await ResultAsync(second.Id)).Failure);
        Assert.False(worker.ExitAsked.IsCompleted);
    }
}
