using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class ActivityTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_chain_of_activities_gives_each_the_result_of_the_one_before()
    {
        App.Activity<int>("Double", x => 2 * x)
            .Orchestrator("Chain", async context =>
            {
                var value = context.GetInput<int>();
                for (var i = 0; i < 3; i++)
                    value = await context.CallActivityAsync<int>("Double", value);
                return value;
            });
        await StartAsync();

        var end = await RunAsync("Chain", 5);

        Assert.Equal(OrchestrationRuntimeStatus.Completed, end.RuntimeStatus);
        Assert.Equal(40, end.ReadOutputAs<int>());
        Assert.Equal(5, end.ReadInputAs<int>());
    }

    [Fact]
    public async Task A_fan_out_gets_all_results_in_the_order_of_its_calls()
    {
        App.Activity<int>("Square", x => x * x)
            .Orchestrator("Fan", async context =>
                await Task.WhenAll(Enumerable.Range(0, 50).Select(i => context.CallActivityAsync<int>("Square", i))));
        await StartAsync();

        var end = await RunAsync("Fan");

        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * i), end.ReadOutputAs<int[]>()!);
    }

    [Fact]
    public async Task A_failed_activity_fails_its_orchestration_with_the_official_messages()
    {
        App.Activity<string>("Boom", x => throw new InvalidOperationException($"boom {x}"))
            .Orchestrator("Calls", async context => await context.CallActivityAsync<string>("Boom", "o1"));
        await StartAsync();

        var end = await RunAsync("Calls");

        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal("Microsoft.DurableTask.TaskFailedException", end.FailureDetails!.ErrorType);
        Assert.Equal("Task 'Boom' (#0) failed with an unhandled exception: boom o1", end.FailureDetails.ErrorMessage);
        Assert.Equal("System.InvalidOperationException", end.FailureDetails.InnerFailure!.ErrorType);
        Assert.Equal("boom o1", end.FailureDetails.InnerFailure.ErrorMessage);
        Assert.Equal(
            "Microsoft.DurableTask.TaskFailedException: Task 'Boom' (#0) failed with an unhandled exception: boom o1",
            end.SerializedOutput);
    }

    [Fact]
    public async Task A_failed_activity_can_be_caught_with_its_number_and_cause()
    {
        App.Activity<int>("Fine", x => x)
            .Activity<int>("Boom", _ => throw new ArgumentException("bad"))
            .Orchestrator("Catches", async context =>
            {
                await context.CallActivityAsync<int>("Fine", 1);
                try
                {
                    await context.CallActivityAsync<int>("Boom", 1);
                    return "no failure";
                }
                catch (TaskFailedException failed)
                {
                    return $"{failed.TaskName} {failed.TaskId} {failed.FailureDetails.IsCausedBy<ArgumentException>()} "
                        + $"{failed.FailureDetails.IsCausedBy<IOException>()}";
                }
            });
        await StartAsync();

        Assert.Equal("Boom 1 True False", (await RunAsync("Catches")).ReadOutputAs<string>());
    }

    [Fact]
    public async Task An_unknown_activity_fails_the_call_by_name()
    {
        App.Orchestrator("Calls", async context => await context.CallActivityAsync<string>("Nowhere"));
        await StartAsync();

        var end = await RunAsync("Calls");

        Assert.Contains("no activity function 'Nowhere'", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_retry_policy_tries_again_after_growing_delays_and_then_gives_the_last_failure()
    {
        var tries = 0;
        App.Activity<int>("Flaky", _ => throw new InvalidOperationException($"try {Interlocked.Increment(ref tries)}"))
            .Orchestrator("Retries", async context =>
            {
                var before = context.CurrentUtcDateTime;
                try
                {
                    return await context.CallActivityAsync<int>(
                        "Flaky", 1, TaskOptions.FromRetryPolicy(new(3, TimeSpan.FromMilliseconds(100), 2)));
                }
                catch (TaskFailedException failed)
                {
                    // 100 ms + 200 ms.
                    return $"{failed.FailureDetails.ErrorMessage} after {context.CurrentUtcDateTime - before >= TimeSpan.FromMilliseconds(300)}";
                }
            });
        await StartAsync();

        Assert.Equal("try 3 after True", (await RunAsync("Retries")).ReadOutputAs<string>());
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_retry_policy_leaves_failures_that_it_does_not_handle()
    {
        var tries = 0;
        App.Activity<int>("Flaky", _ => Interlocked.Increment(ref tries) > 0 ? throw new ArgumentException("no") : 0)
            .Orchestrator("Retries", async context => await context.CallActivityAsync<int>("Flaky", 1, TaskOptions.FromRetryPolicy(
                new(5, TimeSpan.FromMilliseconds(10)) { HandleFailure = failure => !failure.IsCausedBy<ArgumentException>() })));
        await StartAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await RunAsync("Retries")).RuntimeStatus);
        Assert.Equal(1, tries);
    }

    [Fact]
    public async Task A_retry_handler_decides_by_attempt()
    {
        var tries = 0;
        App.Activity<int>("Flaky", _ => Interlocked.Increment(ref tries) < 3 ? throw new IOException("no") : tries)
            .Orchestrator("Retries", async context => await context.CallActivityAsync<int>(
                "Flaky", 1, TaskOptions.FromRetryHandler(retry => retry.LastAttemptNumber < 5 && retry.LastFailure.IsCausedBy<IOException>())));
        await StartAsync();

        Assert.Equal(3, (await RunAsync("Retries")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task No_more_activities_run_at_once_than_the_host_allows()
    {
        var (running, most) = (0, 0);
        App.Activity<int>("Counts", async (_, cancellation) =>
            {
                var now = Interlocked.Increment(ref running);
                InterlockedMax(ref most, now);
                await Task.Yield();
                await Task.Delay(5, cancellation);
                Interlocked.Decrement(ref running);
                return null;
            })
            .Orchestrator("Fan", async context =>
            {
                await Task.WhenAll(Enumerable.Range(0, 20).Select(i => context.CallActivityAsync("Counts", i)));
                return null;
            });
        await StartAsync(options => options with { MaxConcurrentActivities = 3 });

        await RunAsync("Fan");

        Assert.InRange(most, 1, 3);
    }

    [Fact]
    public async Task Payloads_of_any_size_pass_through_inputs_results_and_outputs()
    {
        var large = new string('ä', 200_000);
        App.Activity<string>("Echo", text => text + "!")
            .Orchestrator("Large", async context =>
                await context.CallActivityAsync<string>("Echo", context.GetInput<string>()));
        await StartAsync();

        var end = await RunAsync("Large", large, "large");
        await CrashAndStartAsync();
        var read = await Client.GetInstanceAsync("large", true, Token);

        Assert.Equal(large + "!", end.ReadOutputAs<string>());
        Assert.Equal(large, read!.ReadInputAs<string>());
        Assert.Equal(large + "!", read.ReadOutputAs<string>());
    }

    private static void InterlockedMax(ref int most, int now)
    {
        for (var seen = Volatile.Read(ref most); now > seen; seen = Volatile.Read(ref most))
            Interlocked.CompareExchange(ref most, now, seen);
    }
}
