using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>Each button of a run says what will happen, and does it.</summary>
public sealed class ButtonTests(LiveRun live) : PageTest(live)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task A_run_is_paused_resumed_canceled_retried_forked_and_purged_from_its_page()
    {
        await Live.System.SubmitAsync(LiveRun.Plan.Replace("\"amount\": 4", "\"amount\": 100000", StringComparison.Ordinal), "long");
        await Live.System.WaitAsync("long", status => status["arms"] is System.Text.Json.Nodes.JsonArray { Count: > 0 }, Limit);
        await GoAsync("run/long");

        await DoAsync("Pause …", "Nothing is lost", "Pause");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Resume …" })).ToBeVisibleAsync();
        Assert.Equal("paused", await StateAsync("long"));
        await DoAsync("Resume …", "Workers take its items again", "Resume");
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Pause …" })).ToBeVisibleAsync();
        Assert.Equal("running", await StateAsync("long"));

        // Left alone, nothing happens.
        await Page.GetByRole(AriaRole.Button, new() { Name = "Cancel …" }).ClickAsync();
        await Page.GetByRole(AriaRole.Button, new() { Name = "Leave it" }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        Assert.Equal("running", await StateAsync("long"));
        await DoAsync("Cancel …", "A cancellation is not taken back", "Cancel the run");
        await Live.System.WaitForEndAsync("long", Limit);
        await Assertions.Expect(Page.GetByRole(AriaRole.Button, new() { Name = "Retry …" })).ToBeVisibleAsync();

        await DoAsync("Retry …", "A run of its own, long-retry, begins", "Retry");
        await Page.WaitForURLAsync("**#/run/long-retry");
        await Live.System.Client.DeleteAsync("api/runs/long-retry", TestContext.Current.CancellationToken);
        await Live.System.WaitForEndAsync("long-retry", Limit);

        await GoAsync($"run/{LiveRun.Run}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Fork …" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("From").Locator("option")).Not.ToHaveCountAsync(1);
        await Page.GetByLabel("From").SelectOptionAsync("0/2");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Start the fork" }).ClickAsync();
        await Page.WaitForURLAsync($"**#/run/{LiveRun.Name}-*");
        var fork = Page.Url.Split('/')[^1];
        var status = await Live.AskAsync($"runs/{fork}");
        Assert.Equal((LiveRun.Run, 0, 2), ((string)status["from"]!["run"]!, (int)status["from"]!["stage"]!, (int)status["from"]!["updates"]!));
        await Live.System.Client.DeleteAsync($"api/runs/{fork}", TestContext.Current.CancellationToken);

        await GoAsync("run/long-retry");
        await DoAsync("Purge …", "It cannot be brought back", "Delete everything");
        await Live.System.WaitGoneAsync("long-retry", Limit);
        await AssertUnbrokenAsync();
    }

    /// <summary>After a purge the page asks for a run that is gone, which the browser notes.</summary>
    protected override bool Expects(string fault) => fault.Contains("404", StringComparison.Ordinal);

    private async Task DoAsync(string button, string said, string label)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToContainTextAsync(said);
        await Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = label, Exact = true }).ClickAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
    }

    private async Task<string> StateAsync(string run) => (string)(await Live.AskAsync($"runs/{run}"))["state"]!;
}
