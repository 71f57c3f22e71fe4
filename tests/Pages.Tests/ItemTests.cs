using System.Text.Json;
using Curriculum.Api;
using Curriculum.Work;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>What the host and a worker noted about a work item is reached from where the item is named.</summary>
public sealed class ItemTests(LiveRun live) : PageTest(live)
{
    [Fact]
    public async Task An_incident_leads_to_its_item_with_what_the_host_did_and_what_the_worker_logged()
    {
        var id = WorkItemId.Parse(await Live.EvaluationAsync(LiveRun.Run, "srl/1"));
        var log = new WorkLog("worker-1", 2, 5, [new(DateTimeOffset.UnixEpoch, "warning", $"stalled\nfor 60 s {LiveRun.Hostile}"), new(DateTimeOffset.UnixEpoch, "error", "attempt 2 of 5 failed")]);
        await Live.WriteAsync(StorageNames.WorkContainer, StorageNames.Log(id, 2, "worker-1"), JsonSerializer.Serialize(log, CurriculumJson.Default.WorkLog));
        await Live.WriteAsync(StorageNames.RunsContainer, $"{LiveRun.Run}/incidents/0123456789abcdef.json", JsonSerializer.Serialize(
            new { at = DateTimeOffset.UnixEpoch, what = $"Work item {id} was sent again: Worker worker-1 made no progress." }));

        await GoAsync($"run/{LiveRun.Run}");
        await Page.GetByRole(AriaRole.Link, new() { Name = id.ToString() }).ClickAsync();
        await SettledAsync();

        var item = await Live.AskAsync($"runs/{LiveRun.Run}/items/{id.ToString()[(LiveRun.Run.Length + 1)..].Replace('/', '.')}");
        Assert.Null(item["waiting"]);
        await Assertions.Expect(Page.Locator(".badge").First).ToHaveTextAsync("done");
        await Assertions.Expect(Page.GetByText((string)item["result"]!["worker"]!, new() { Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("made no progress")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("delivery 2, 5 earlier lines left out")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("attempt 2 of 5 failed")).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByText("⟨U+202E⟩")).ToBeVisibleAsync();
        Assert.False(await Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        await AssertUnbrokenAsync();
    }

    [Fact]
    public async Task What_is_waited_for_leads_to_its_items()
    {
        await Live.System.SubmitAsync(LiveRun.Plan.Replace("\"amount\": 4", "\"amount\": 100000", StringComparison.Ordinal), "waits");
        await Live.System.WaitAsync("waits", status => status["arms"] is System.Text.Json.Nodes.JsonArray { Count: > 0 }, TimeSpan.FromMinutes(3));
        await GoAsync("run/waits");
        var link = Page.Locator("section[aria-label='Waiting for'] td a").First;
        await Assertions.Expect(link).ToBeVisibleAsync();
        // What is waited for changes while one looks: its address is taken, and then followed.
        await Page.EvaluateAsync("link => { location.hash = link; }", await link.GetAttributeAsync("href"));
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Work item");
        await Assertions.Expect(Page.GetByText("First sent")).ToBeVisibleAsync();
        await Live.System.Client.DeleteAsync("api/runs/waits", TestContext.Current.CancellationToken);
        await Live.System.WaitForEndAsync("waits", TimeSpan.FromMinutes(3));
    }
}
