using System.Collections.Concurrent;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Tests.Durable;

public sealed class SubOrchestrationTests(AzuriteFixture azurite) : EngineTest(azurite)
{
    [Fact]
    public async Task A_sub_orchestration_gives_its_result_to_its_parent_and_knows_it()
    {
        App.Orchestrator("Child", context => Task.FromResult<object?>(
                $"{context.GetInput<string>()} of {context.Parent!.Name} {context.Parent.InstanceId} as {context.InstanceId}"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>(
                "Child", "x", new SubOrchestrationOptions(instanceId: "the-child")));
        await StartAsync();

        var end = await RunAsync("Parent", id: "the-parent");

        Assert.Equal("x of Parent the-parent as the-child", end.ReadOutputAs<string>());
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await Client.GetInstanceAsync("the-child", Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_failure_comes_through_a_sub_orchestration_with_the_activitys_failure_inside()
    {
        App.Activity<string>("Boom", x => throw new InvalidOperationException($"boom {x}"))
            .Orchestrator("Child", async context => await context.CallActivityAsync<string>("Boom", "c1"))
            .Orchestrator("Parent", async context =>
            {
                try
                {
                    return await context.CallSubOrchestratorAsync<string>("Child");
                }
                catch (TaskFailedException failed)
                {
                    return new[]
                    {
                        failed.Message, failed.FailureDetails.ErrorType, failed.FailureDetails.InnerFailure!.ErrorType,
                        failed.FailureDetails.InnerFailure.ErrorMessage,
                    };
                }
            });
        await StartAsync();

        Assert.Equal(
            [
                "Task 'Child' (#0) failed with an unhandled exception: Task 'Boom' (#0) failed with an unhandled exception: boom c1",
                "Microsoft.DurableTask.TaskFailedException",
                "System.InvalidOperationException",
                "boom c1",
            ],
            (await RunAsync("Parent")).ReadOutputAs<string[]>()!);
    }

    [Theory]
    [InlineData("retried")]
    [InlineData(null)]
    public async Task A_sub_orchestration_is_retried_under_the_same_id(string? id)
    {
        var tries = new ConcurrentQueue<string>();
        App.Orchestrator("Child", context =>
            {
                tries.Enqueue(context.InstanceId);
                return tries.Count == 3 ? Task.FromResult<object?>(7) : throw new InvalidOperationException("child");
            })
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(new RetryPolicy(3, TimeSpan.FromMilliseconds(10)), id)));
        // A rebuilt child would be counted as a try.
        await StartAsync(options => options with { ChecksReplay = false });

        Assert.Equal(7, (await RunAsync("Parent")).ReadOutputAs<int>());
        Assert.Equal(3, tries.Count);
        var used = Assert.Single(tries.Distinct());
        Assert.Equal(id ?? used, used);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await Client.GetInstanceAsync(used, Token))!.RuntimeStatus);
    }

    [Fact]
    public async Task A_sub_orchestration_whose_tries_are_spent_fails_its_parent()
    {
        var tries = 0;
        App.Orchestrator("Child", _ => throw new InvalidOperationException($"child {Interlocked.Increment(ref tries)}"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(new RetryPolicy(2, TimeSpan.FromMilliseconds(10)), "retried")));
        await StartAsync(options => options with { ChecksReplay = false });

        var end = await RunAsync("Parent");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Equal(2, tries);
        Assert.Equal("child 2", end.FailureDetails!.InnerFailure!.ErrorMessage);
    }

    [Fact]
    public async Task A_call_of_an_id_that_is_running_fails_and_leaves_the_other_alone()
    {
        App.Orchestrator("Waits", async context => await context.WaitForExternalEvent<int>("x"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Waits", null, new SubOrchestrationOptions(instanceId: "taken")));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Waits", null, new StartOrchestrationOptions("taken"), Token);

        var end = await RunAsync("Parent");
        await Client.RaiseEventAsync("taken", "x", 5, Token);

        Assert.Contains("already exists", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
        Assert.Equal(5, (await EndOf("taken")).ReadOutputAs<int>());
    }

    [Fact]
    public async Task A_terminated_child_fails_its_parents_call()
    {
        App.Orchestrator("Child", async context => await context.WaitForExternalEvent<int>("x"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>(
                "Child", null, new SubOrchestrationOptions(instanceId: "child")));
        await StartAsync();
        await Client.ScheduleNewOrchestrationInstanceAsync("Parent", null, new StartOrchestrationOptions("parent"), Token);
        await WaitFor(async () => await Client.GetInstanceAsync("child", Token) is not null);

        await Client.TerminateInstanceAsync("child", "stop", Token);

        var end = await EndOf("parent");
        Assert.Equal(OrchestrationRuntimeStatus.Failed, end.RuntimeStatus);
        Assert.Contains("Task 'Child' (#0)", end.FailureDetails!.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_child_has_the_version_its_call_names_and_otherwise_the_hosts()
    {
        App.Orchestrator("Child", context => Task.FromResult<object?>(context.Version))
            .Orchestrator("Parent", async context => new[]
            {
                context.Version,
                await context.CallSubOrchestratorAsync<string>("Child"),
                await context.CallSubOrchestratorAsync<string>("Child", null, new SubOrchestrationOptions { Version = "0.9" }),
            });
        await StartAsync(options => options with { DefaultVersion = "1.0" });

        Assert.Equal(["1.0", "1.0", "0.9"], (await RunAsync("Parent")).ReadOutputAs<string[]>()!);
    }
}
