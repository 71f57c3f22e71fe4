using System.Text.Json;
using Curriculum.Work;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;
using Orchestrations.Tests.Storage;
using Orchestrations.Tests.Workflows;
using Orchestrations.Watching;
using Orchestrations.Workflows;

namespace Orchestrations.Tests.Watching;

/// <summary>What the watchdog does about waits, with the official engine in memory behind it.</summary>
[Trait("Speed", "slow")]
public class WaitLookTests(StorageFixture azurite) : WaitedWorkTest(azurite)
{
    private static readonly string[] End = ["end"];

    private string Name => $"{OpenWaits.Prefix(Run)}{Instance}";

    [Fact]
    public async Task An_event_that_was_lost_is_raised_once_the_last_result_is_old_enough_and_a_wait_that_is_over_goes()
    {
        await using var engine = await EngineAsync();
        var items = await DispatchAsync(WorkKind.Rollout, WorkKind.Rollout);
        await BeginAsync(engine.Client, WorkOrchestrator.Event);
        await AnswerAsync(items[0].Id);
        Pass(TimeSpan.FromSeconds(20));
        await LookAsync(engine.Client);
        Assert.Null((await WaitAsync()).RaisedAt);

        // The last one was stored a moment ago: its report is on its way.
        await AnswerAsync(items[1].Id);
        Pass(TimeSpan.Zero);
        await LookAsync(engine.Client);
        Assert.Null((await WaitAsync()).RaisedAt);

        Pass(TimeSpan.FromSeconds(20));
        await LookAsync(engine.Client);
        await engine.Client.WaitForInstanceCompletionAsync(Instance, Token);

        await LookAsync(engine.Client);
        Assert.Empty(await WaitsAsync());
    }

    [Fact]
    public async Task An_event_is_not_raised_again_for_a_minute()
    {
        await using var engine = await EngineAsync();
        var items = await DispatchAsync(WorkKind.Rollout);
        await BeginAsync(engine.Client, "something else");
        await AnswerAsync(items[0].Id);
        Pass(TimeSpan.FromSeconds(20));
        await LookAsync(engine.Client);
        var first = (await WaitAsync()).RaisedAt;
        Assert.NotNull(first);

        Pass(TimeSpan.FromSeconds(50));
        await LookAsync(engine.Client);
        Assert.Equal(first, (await WaitAsync()).RaisedAt);

        Pass(TimeSpan.FromSeconds(90));
        await LookAsync(engine.Client);
        Assert.True((await WaitAsync()).RaisedAt > first);
    }

    [Fact]
    public async Task An_orchestration_that_was_told_of_the_end_and_does_not_go_on_is_told_again_after_a_minute_and_let_go_once_it_has_gone()
    {
        await using var engine = await EngineAsync();
        await DispatchAsync(WorkKind.Rollout);
        await BeginAsync(engine.Client, WorkOrchestrator.Event);
        await Service<OpenWaits>().ToldAsync(Run, Instance, Clock.GetUtcNow(), Token);
        Pass(TimeSpan.FromSeconds(50));
        await LookAsync(engine.Client);
        var told = await WaitAsync();
        Assert.Equal((WaitKind.End, null), (told.Kind, told.Description));
        Assert.False((await engine.Client.GetInstanceAsync(Instance, Token))!.IsCompleted);

        Pass(TimeSpan.FromSeconds(70));
        await LookAsync(engine.Client);
        Assert.Contains("was told again", (await WaitAsync()).Description, StringComparison.Ordinal);
        await engine.Client.WaitForInstanceCompletionAsync(Instance, Token);

        await LookAsync(engine.Client);
        Assert.Empty(await WaitsAsync());
    }

    [Fact]
    public async Task What_an_orchestration_waits_for_next_is_never_overwritten_by_a_look_at_what_it_waited_for_before()
    {
        await DispatchAsync(WorkKind.Rollout);
        var waits = Service<OpenWaits>();
        var (before, version) = (await waits.FindAsync(Name, Token))!.Value;
        var other = WorkItemId.Of(Stage, WorkKind.Update, 7);
        var next = before with { Items = [new(other, Clock.GetUtcNow(), 0)] };
        await waits.WriteAsync(next, Token);

        await waits.TryReplaceAsync(before with { Description = "old" }, version, Token);
        await waits.TryDeleteAsync(Name, version, Token);

        Assert.Equal(other, Assert.Single((await WaitAsync()).Items).Id);
    }

    [Fact]
    public async Task The_wait_of_a_run_that_was_purged_goes()
    {
        await using var engine = await EngineAsync();
        await DispatchAsync(WorkKind.Rollout);
        await Blobs.TryDeleteAsync(StorageNames.RunsContainer, StorageNames.Plan(Run), Token);

        await LookAsync(engine.Client);

        Assert.Empty(await WaitsAsync());
    }

    [Theory]
    [InlineData(DesiredState.Run)]
    [InlineData(DesiredState.Cancel)]
    public async Task An_orchestration_of_a_paused_run_is_woken_when_it_goes_on_or_is_canceled_and_not_before(DesiredState desired)
    {
        await using var engine = await EngineAsync();
        await BeginAsync(engine.Client, WorkOrchestrator.Event);
        await SetDesiredStateAsync(DesiredState.Pause);
        await Service<OpenWaits>().WriteAsync(new() { Instance = Instance, Owner = Owner, Kind = WaitKind.Resume }, Token);
        await LookAsync(engine.Client);
        Assert.Equal("The run is paused.", (await WaitAsync()).Description);
        Assert.False((await engine.Client.GetInstanceAsync(Instance, Token))!.IsCompleted);

        await SetDesiredStateAsync(desired);
        await LookAsync(engine.Client);

        await engine.Client.WaitForInstanceCompletionAsync(Instance, Token);
    }

    [Fact]
    public async Task A_run_is_told_its_turn_when_those_before_it_have_ended_and_its_wait_says_how_many_there_are()
    {
        await using var engine = await EngineAsync();
        string[] others = [.. Enumerable.Range(0, Service<QueuedRuns>().MaxActive).Select(n => $"{Run}-{n}")];
        foreach (var other in others)
        {
            await engine.Client.ScheduleNewOrchestrationInstanceAsync("waits", End, new StartOrchestrationOptions { InstanceId = other }, Token);
            await Service<QueuedRuns>().TakeAsync(engine.Client, other, Token);
        }

        await BeginAsync(engine.Client, QueueWait.Event);
        await Service<OpenWaits>().WriteAsync(new() { Instance = Instance, Owner = Owner, Kind = WaitKind.Queue }, Token);
        await LookAsync(engine.Client);
        Assert.StartsWith($"{others.Length} runs are before it, ", (await WaitAsync()).Description, StringComparison.Ordinal);

        await engine.Client.RaiseEventAsync(others[0], "end", "", Token);
        await engine.Client.WaitForInstanceCompletionAsync(others[0], Token);
        await LookAsync(engine.Client);
        await engine.Client.WaitForInstanceCompletionAsync(Instance, Token);
    }

    [Fact]
    public async Task One_wait_that_cannot_be_looked_at_hides_no_other()
    {
        await using var engine = await EngineAsync();
        await DispatchAsync(WorkKind.Rollout);
        await Blobs.WriteAsync(StorageNames.WorkContainer, $"{OpenWaits.Prefix(Run)}garbled", "{"u8.ToArray(), "application/json", Token);
        Pass(TimeSpan.FromSeconds(30));

        await Function<Watchdog>().Run(new(), engine.Client, Token);

        var told = (await Service<OpenWaits>().FindAsync(Name, Token))!.Value.Wait.Description;
        Assert.Contains("Waiting for a worker since", told, StringComparison.Ordinal);
        await Blobs.TryDeleteAsync(StorageNames.WorkContainer, $"{OpenWaits.Prefix(Run)}garbled", Token);
    }

    private Task<TimeSpan?> LookAsync(DurableTaskClient client) => Service<WaitLook>().AtAsync(client, Name, Token);

    private Task<string> BeginAsync(DurableTaskClient client, params string[] events) =>
        client.ScheduleNewOrchestrationInstanceAsync("waits", events, new StartOrchestrationOptions { InstanceId = Instance }, Token);

    private Task<bool> AnswerAsync(WorkItemId id) => Blobs.TryCreateAsync(
        StorageNames.WorkContainer,
        StorageNames.Result(id),
        JsonSerializer.SerializeToUtf8Bytes(
            new WorkResult { Id = id, InputHash = "00", Output = new EvaluateOutput { Answers = [] }, Fingerprint = "cpu", Timing = new("worker-1", Clock.GetUtcNow(), 1) },
            CurriculumJson.Default.WorkResult),
        Token);

    private static Task<DurableTaskTestHost> EngineAsync() => MemoryEngine.StartAsync(
        tasks => tasks.AddOrchestratorFunc<string[], int>(
            "waits",
            async (context, events) =>
            {
                await Task.WhenAll([.. events.Select(name => context.WaitForExternalEvent<object>(name))]);
                return events.Length;
            }));
}
