using System.Text.Json;
using Curriculum.Work;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Runs;

/// <summary>A work item over HTTP: where it stands, who had it, and what was noted about it.</summary>
[Trait("Speed", "slow")]
public sealed class GetItemTests
{
    [Fact]
    public async Task An_item_shows_its_wait_its_worker_what_the_host_did_and_what_workers_logged_in_their_order()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("seen");
        var item = await StoredTrajectories.WriteItemAsync(app, "seen");
        await app.Services.GetRequiredService<Incidents>().TellAsync("seen", "Work item seen/srl/1/0/0/3/0/0/evaluate was sent again.", TestContext.Current.CancellationToken);

        var history = await OneAsync(app, item);

        Assert.Equal(("seen/rlvr/1/0/0/3/0/0/evaluate", WorkKind.Evaluate), (history.Id, history.Kind));
        Assert.Equal((ItemState.Running, 1, "one", 0.5), (history.Waiting!.State, history.Waiting.Stalls, history.Waiting.Worker, history.Waiting.Progress));
        Assert.Equal(("one", "the shelf is empty"), (history.Worker!.Name, history.Worker.LastError));
        Assert.Null(history.Result);
        Assert.Equal("Work item seen/rlvr/1/0/0/3/0/0/evaluate was sent again: it fell silent.", Assert.Single(history.Incidents).What);
        Assert.Equal([("one", 1, 0, "careful"), ("one/two", 2, 7, "attempt 2 of 5 failed")], history.Logs.Select(log => (log.Worker, (int)log.Delivery, log.Dropped, log.Lines[0].Text)));
    }

    [Fact]
    public async Task An_item_that_ended_shows_how_and_is_waited_for_no_more()
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("seen");
        var item = await StoredTrajectories.WriteItemAsync(app, "seen");
        var id = WorkItemId.Parse($"seen/{item.Replace('.', '/')}");
        await app.OverwriteAsync(StorageNames.WorkContainer, $"{id}/set-aside/0000.json", "{}");
        await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Result(id), JsonSerializer.Serialize(
            new() { Id = id, InputHash = "", Fingerprint = "cpu", Failure = new("poison", "Delivered 5 times."), Timing = new("one", DateTimeOffset.UnixEpoch, 2.5) },
                CurriculumJson.Default.WorkResult));

        var history = await OneAsync(app, item);

        Assert.Null(history.Waiting);
        Assert.Equal(1, history.SetAside);
        Assert.Equal(("one", 2.5, new WorkFailure("poison", "Delivered 5 times.")), (history.Result!.Worker, history.Result.Seconds, history.Result.Failure));
        Assert.InRange(history.Result.StoredAt - history.CreatedAt, TimeSpan.Zero, TimeSpan.FromMinutes(2));
    }

    [Theory]
    [InlineData("rlvr.1.0.0.4.0.0.evaluate")]
    [InlineData("rlvr.1.0.0.3.0.0.nothing")]
    [InlineData("..%2F..%2Fplan")]
    public async Task What_is_no_item_of_the_run_is_refused(string item)
    {
        await using var app = await AppHost.StartAsync();
        await app.SubmitAsync("seen");
        await StoredTrajectories.WriteItemAsync(app, "seen");
        var (status, text) = await app.SendAsync(HttpMethod.Get, $"api/runs/seen/items/{item}", null, null);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, status);
        Assert.Contains("unknown-item", text, StringComparison.Ordinal);
    }

    private static async Task<ItemHistory> OneAsync(AppHost app, string item)
    {
        var (status, text) = await app.SendAsync(HttpMethod.Get, $"api/runs/seen/items/{item}", null, null);
        Assert.True(status == System.Net.HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize(text, ApiJson.Default.ItemHistory)!;
    }
}
