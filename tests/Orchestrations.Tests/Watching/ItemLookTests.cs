using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Findings;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Tests.Storage;
using Orchestrations.Tests.Workflows;
using Orchestrations.Watching;

namespace Orchestrations.Tests.Watching;

[Trait("Speed", "slow")]
public class ItemLookTests(StorageFixture azurite) : WaitedWorkTest(azurite)
{
    protected override void Change(JsonNode plan) =>
        plan["limits"] = JsonNode.Parse("""{ "stalledSeconds": 2, "redispatches": 2, "lostMessageSeconds": 600 }""");

    [Fact]
    public async Task A_thousand_items_queued_for_an_hour_without_a_worker_are_neither_sent_again_nor_failed()
    {
        var items = await DispatchAsync(1000);
        for (var minute = 0; minute <= 60; minute += 30)
        {
            Pass(TimeSpan.FromMinutes(minute));
            var seen = await LookAsync(items);
            Assert.Empty(seen.Done);
            Assert.Equal(items, seen.Items);
            Assert.Matches("^.*: Waiting for a worker since .* [(]999 more items are waited for[)]$", seen.Description);
        }

        Assert.Equal(1000, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
        Assert.Empty(await IncidentsAsync());
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task A_host_whose_clock_is_an_hour_wrong_sends_no_queued_item_again(int seconds)
    {
        Pass(TimeSpan.Zero, hostsError: TimeSpan.FromSeconds(seconds));
        var items = await DispatchAsync(2);
        Pass(TimeSpan.FromHours(1), hostsError: TimeSpan.FromSeconds(seconds));

        Assert.Equal(items, (await LookAsync(items)).Items);
        Assert.Equal(2, (await WorkQueue.GetPropertiesAsync(Token)).Value.ApproximateMessagesCount);
    }

    [Fact]
    public async Task A_lost_message_is_sent_again_after_the_long_limit_and_counts_toward_nothing()
    {
        var items = await DispatchAsync(1);
        await WorkQueue.ClearMessagesAsync(Token);
        Clock.Ahead = TimeSpan.FromSeconds(590);
        Assert.Equal(items, (await LookAsync(items)).Items);

        Clock.Ahead = TimeSpan.FromSeconds(700);
        var resent = Assert.Single((await LookAsync(items)).Items);
        Assert.True(resent.SentAt > items[0].SentAt);

        Assert.Equal(0, resent.Stalls);
        Assert.Equal(items[0].Id, Assert.Single(await MessagesAsync()).Id);
        Assert.Contains("its message may be lost", Assert.Single(await IncidentsAsync()).What, StringComparison.Ordinal);
        // Sent a moment ago, it is queued anew.
        Assert.Equal([resent], (await LookAsync([resent])).Items);
    }

    [Fact]
    public async Task A_worker_that_falls_silent_is_named_in_the_status_and_its_item_is_sent_again_until_the_limit()
    {
        var items = await DispatchAsync(1);
        await WorkQueue.ClearMessagesAsync(Token);
        await ClaimAsync(items[0].Id, Clock.GetUtcNow());
        Assert.Contains("Worker w-7 is at 40", (await LookAsync(items)).Description, StringComparison.Ordinal);

        var first = await SilentAsync(items);
        Assert.Equal(1, Assert.Single(first.Items).Stalls);
        Assert.Single(await MessagesAsync());
        Assert.Matches("^.*: Worker w-7 made no progress for [0-9]+ s [(]stalledSeconds 2[)], at 40.*Sent again[.]$", first.Description);
        Assert.Contains("Worker w-7 made no progress", Assert.Single(await IncidentsAsync()).What, StringComparison.Ordinal);

        var spent = items[0] with { Stalls = 2 };
        Assert.Equal([spent.Id], (await LookAsync([spent])).Done);
        var failure = (await Service<WorkResults>().ReadAsync(spent.Id, Token)).Failure!;
        Assert.Equal("stalled", failure.Kind);
        Assert.Contains("Worker w-7 made no progress", failure.Message, StringComparison.Ordinal);
        Assert.Contains("redispatches 2", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public async Task A_worker_whose_clock_is_an_hour_wrong_is_judged_by_the_storages(int seconds)
    {
        var items = await DispatchAsync(1);
        await ClaimAsync(items[0].Id, Clock.GetUtcNow().AddSeconds(seconds));

        var seen = await LookAsync(items);

        Assert.Contains("Worker w-7 is at 40", seen.Description, StringComparison.Ordinal);
        Assert.Equal(items, seen.Items);
        Assert.Equal(1, Assert.Single((await SilentAsync(items)).Items).Stalls);
    }

    [Fact]
    public async Task An_item_of_a_paused_run_grows_no_older()
    {
        var items = await DispatchAsync(1);
        await WorkQueue.ClearMessagesAsync(Token);
        await SetDesiredStateAsync(DesiredState.Pause);
        Clock.Ahead = TimeSpan.FromHours(5);

        var seen = await LookAsync(items);

        Assert.Empty(await MessagesAsync());
        Assert.True(Assert.Single(seen.Items).SentAt > items[0].SentAt.AddHours(4));
        Assert.EndsWith("The run is paused.", seen.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_item_of_a_canceled_run_that_no_worker_has_is_ended_without_one()
    {
        var items = await DispatchAsync(2);
        await ClaimAsync(items[1].Id, Clock.GetUtcNow());
        await SetDesiredStateAsync(DesiredState.Cancel);

        var seen = await LookAsync(items);

        Assert.Equal([items[0].Id], seen.Done);
        Assert.Equal("canceled", (await Service<WorkResults>().ReadAsync(items[0].Id, Token)).Failure!.Kind);
    }

    [Fact]
    public async Task A_reported_result_that_the_storage_lost_is_asked_for_again()
    {
        var items = await DispatchAsync(1);
        await WorkQueue.ClearMessagesAsync(Token);

        await Assert.ThrowsAsync<IOException>(() => Service<WorkResults>().ReadAsync(items[0].Id, Token));

        Assert.Equal(items[0].Id, Assert.Single(await MessagesAsync()).Id);
    }

    private Task<IReadOnlyList<OpenItem>> DispatchAsync(int count) => DispatchAsync(Enumerable.Repeat(WorkKind.Evaluate, count));

    /// <summary>Looks until the stalled limit has passed by the storage's clock.</summary>
    private async Task<SeenItems> SilentAsync(IReadOnlyList<OpenItem> items)
    {
        while (true)
        {
            var seen = await LookAsync(items);
            if (seen.Items.Any(item => item.Stalls > 0))
                return seen;
            await Task.Delay(100, Token);
        }
    }

    private Task ClaimAsync(WorkItemId id, DateTimeOffset at) => Blobs.WriteAsync(
        StorageNames.WorkContainer,
        StorageNames.Claim(id),
        new WorkClaim { Worker = "w-7", StartedAt = at, LastProgress = at, Progress = 0.4 },
        CurriculumJson.Default.WorkClaim,
        Token);

    private async Task<IReadOnlyList<WorkMessage>> MessagesAsync()
    {
        var messages = await WorkQueue.PeekMessagesAsync(32, Token);
        return [.. messages.Value.Select(message => JsonSerializer.Deserialize(message.Body, CurriculumJson.Default.WorkMessage)!)];
    }
}
