using Curriculum.Work;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Orchestrations.Tests.Hosting;
using Orchestrations.Workflows;

namespace Orchestrations.Tests.Workflows;

/// <summary>The orchestration of work on the official engine, over steps that are made up.</summary>
[Trait("Speed", "fast")]
public class WorkOrchestratorTests
{
    private static readonly WorkOwner Owner = WorkOwner.OfRun(RunId.Parse("run"), WorkScope.Base);

    [Fact]
    public async Task It_begins_the_work_and_ends_when_it_is_told_that_the_work_has_ended()
    {
        var (taken, end) = await RunAsync(step => new(step + 1, IsWaiting: true), new Due(57, HasEnded: true));
        Assert.Equal([0], taken);
        Assert.Equal(OrchestrationRuntimeStatus.Completed, end);
    }

    [Fact]
    public async Task It_takes_the_step_that_is_due_however_far_that_is_and_pays_no_heed_to_words_about_steps_behind()
    {
        var (taken, _) = await RunAsync(step => step == 41 ? Advanced.Ended(41) : new(step + 1, IsWaiting: true), new(40), new(3), new(40), new(41));
        Assert.Equal([0, 40, 41], taken);
    }

    [Fact]
    public async Task It_takes_step_after_step_where_none_has_to_wait_over_many_generations()
    {
        var (taken, _) = await RunAsync(step => step == 65 ? Advanced.Ended(65) : new(step + 1, IsWaiting: false));
        Assert.Equal(Enumerable.Range(0, 66), taken);
    }

    private static async Task<(IReadOnlyList<int> Taken, OrchestrationRuntimeStatus End)> RunAsync(Func<int, Advanced> advance, params Due[] told)
    {
        var taken = new List<int>();
        await using var engine = await MemoryEngine.StartAsync(tasks => tasks
            .AddOrchestratorFunc<WorkCursor, object?>(nameof(WorkOrchestrator), async (context, _) =>
            {
                await WorkOrchestrator.Run(context);
                return null;
            })
            .AddActivityFunc<WorkCursor, Advanced>(nameof(Advance), (_, cursor) =>
            {
                taken.Add(cursor.Step);
                return advance(cursor.Step);
            }));
        var token = TestContext.Current.CancellationToken;
        await engine.Client.ScheduleNewOrchestrationInstanceAsync(nameof(WorkOrchestrator), new WorkCursor(Owner, 0), new StartOrchestrationOptions { InstanceId = Owner.Instance }, token);
        foreach (var due in told)
            await engine.Client.RaiseEventAsync(Owner.Instance, WorkOrchestrator.Event, due, token);
        return (taken, (await engine.Client.WaitForInstanceCompletionAsync(Owner.Instance, token)).RuntimeStatus);
    }
}
