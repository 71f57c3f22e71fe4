using GpuWorker.Worker;

namespace GpuWorker.Tests.Worker;

[Trait("Speed", "slow")]
public class LivenessTests(AzuriteFixture azurite) : WorkerTest(azurite)
{
    [Fact]
    public async Task A_computation_that_moves_keeps_its_message_past_the_visibility_time()
    {
        using var gate = new ManualResetEventSlim();
        var moving = new FakeExecutor(call =>
        {
            call.MoveUntil(gate);
            return FakeExecutor.Answer();
        });
        var other = FakeExecutor.Answering();
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(moving, Quick with { VisibilitySeconds = 2 });
        await EventuallyAsync(() => moving.Calls == 1, "the first worker to compute");
        await StartWorkerAsync(other, Quick with { Name = "two" });
        // Twice the visibility time of progress, by the claim's own account.
        await EventuallyAsync(
            async () => await ClaimExistsAsync(message.Id) && await ClaimAsync(message.Id) is var claim && claim.LastProgress - claim.StartedAt > TimeSpan.FromSeconds(4),
            "four seconds of progress in the claim");
        gate.Set();
        await DrainedAsync();

        Assert.Equal("one", (await ResultAsync(message.Id)).Timing.Worker);
        Assert.Equal((1, 0), (moving.Calls, other.Calls));
    }

    [Fact]
    public async Task A_computation_that_hangs_loses_its_message_and_writes_no_progress()
    {
        using var gate = new ManualResetEventSlim();
        var hung = new FakeExecutor(call =>
        {
            gate.Wait(CancellationToken.None);
            call.Progress.Report(0.5);
            call.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            call.Token.ThrowIfCancellationRequested();
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        await StartWorkerAsync(hung, Quick with { VisibilitySeconds = 1 });
        await EventuallyAsync(() => hung.Calls == 1, "the first worker to compute");
        var claim = await ClaimAsync(message.Id);
        await EventuallyAsync(
            async () => (await WorkQueue.PeekMessagesAsync(1, Token)).Value.Length == 1, "the hung item to show again");
        Assert.Equal(claim, await ClaimAsync(message.Id));

        await StartWorkerAsync(FakeExecutor.Answering(), Quick with { Name = "two" });
        await DrainedAsync();
        Assert.Equal("two", (await ResultAsync(message.Id)).Timing.Worker);

        // Waking up, the first worker finds its message gone and the result there, and leaves it.
        gate.Set();
        var next = await DispatchAsync(await EvaluationAsync(chunk: 1));
        Assert.Null((await ResultAsync(next.Id)).Failure);
        Assert.Equal("two", (await ResultAsync(message.Id)).Timing.Worker);
    }

    [Fact]
    public async Task A_computation_that_stays_stalled_ends_the_worker_with_its_own_exit_code()
    {
        using var gate = new ManualResetEventSlim();
        var hung = new FakeExecutor(_ =>
        {
            gate.Wait(CancellationToken.None);
            return FakeExecutor.Answer();
        });
        await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(hung, Quick with { VisibilitySeconds = 1, StuckSeconds = 1 });
        await worker.ExitAsked.WaitAsync(TimeSpan.FromSeconds(60), Token);
        gate.Set();

        Assert.Equal(3, worker.Exit.Code);
    }

    [Fact]
    public async Task A_worker_that_is_stopped_abandons_its_item_at_once()
    {
        using var never = new ManualResetEventSlim();
        var executor = new FakeExecutor(call =>
        {
            call.MoveUntil(never);
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(executor);
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        await worker.StopAsync();

        Assert.True((await ClaimAsync(message.Id)).Released);
        Assert.Single((await WorkQueue.PeekMessagesAsync(1, Token)).Value);
        await StartWorkerAsync(FakeExecutor.Answering(), Quick with { Name = "two" });
        Assert.Equal("two", (await ResultAsync(message.Id)).Timing.Worker);
    }

    [Fact]
    public async Task A_computation_that_does_not_yield_is_left_and_its_item_abandoned()
    {
        using var gate = new ManualResetEventSlim();
        var stubborn = new FakeExecutor(_ =>
        {
            gate.Wait(CancellationToken.None);
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(stubborn, Quick with { StopSeconds = 0.5 });
        await EventuallyAsync(() => stubborn.Calls == 1, "the worker to compute");
        await worker.StopAsync().WaitAsync(TimeSpan.FromSeconds(15), Token);

        Assert.True((await ClaimAsync(message.Id)).Released);
        Assert.Single((await WorkQueue.PeekMessagesAsync(1, Token)).Value);
        gate.Set();
    }

    [Fact]
    public void What_a_stopping_worker_waits_for_adds_up_to_ten_seconds_at_most_whatever_it_is_set_to()
    {
        Assert.True(WorkerOptions.LongestStopSeconds + (2 * ItemAbandonment.FinalGrace.TotalSeconds) <= 10);
        Assert.Empty(new WorkerOptions { StopSeconds = WorkerOptions.LongestStopSeconds }.Faults());
        Assert.Equal("Worker:StopSeconds must be from 0 to 8.5, found 8.6.", Assert.Single(new WorkerOptions { StopSeconds = 8.6 }.Faults()));
    }

    [Fact]
    public async Task A_computation_that_ends_while_the_worker_stops_is_stored()
    {
        var executor = new FakeExecutor(call =>
        {
            call.Token.WaitHandle.WaitOne(TimeSpan.FromSeconds(10));
            return FakeExecutor.Answer();
        });
        var message = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(executor);
        await EventuallyAsync(() => executor.Calls == 1, "the worker to compute");
        await worker.StopAsync();

        Assert.Null((await ResultAsync(message.Id)).Failure);
        await DrainedAsync();
        Assert.Single(await ReportsAsync());
    }

    [Fact]
    public async Task An_idle_worker_ends_where_it_is_told_to()
    {
        var message = await DispatchAsync(await EvaluationAsync());
        var worker = await StartWorkerAsync(FakeExecutor.Answering(), Quick with { ExitWhenIdleSeconds = 0.2 });
        await worker.ExitAsked.WaitAsync(TimeSpan.FromSeconds(60), Token);

        Assert.Equal(0, worker.Exit.Code);
        Assert.Null((await ResultAsync(message.Id)).Failure);
    }

    [Fact]
    public async Task A_closed_input_ends_the_worker()
    {
        var stopped = new TaskCompletionSource();
        var input = new StandardInputMonitor(new MemoryStream([1, 2, 3]), new(stopped.SetResult));
        await input.StartAsync(Token);

        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(5), Token);
    }
}
