using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>A run's name, a problem and an answer that would do something if they were taken for markup do nothing, and are seen for what they are.</summary>
public sealed class HostileTextTests(LiveRun live) : PageTest(live)
{
    [Fact]
    public async Task Hostile_names_problems_and_answers_do_nothing_and_are_shown_as_they_are()
    {
        const string copy = "hostile";
        // No plan can have such a name: it is put there past the API.
        await Live.System.SubmitAsync(LiveRun.Plan, copy);
        await Live.System.WaitForEndAsync(copy, TimeSpan.FromMinutes(5));
        await Live.ChangeAsync("runs", $"{copy}/plan.json", plan => { plan["plan"]!["name"] = LiveRun.Hostile; return plan; });
        await Live.ChangeAsync("runs", $"{copy}/pools/benchmarks/fresh.json", pool => { pool[0]!["question"] = LiveRun.Hostile; return pool; });
        var evaluation = await Live.EvaluationAsync(copy, "base/0");
        await Live.ChangeAsync("work", $"{evaluation}/result.json", result => { result["output"]!["answers"]![0]!["greedyText"] = LiveRun.Hostile; return result; });
        // What is frozen is taken for what it was for a moment.
        await Live.UntilAsync($"runs/{copy}", run => (string?)run["name"] == LiveRun.Hostile);
        await Live.UntilAsync($"runs/{copy}/trajectories/benchmark.base.0.fresh.0", one => (string?)one["entry"]!["question"] == LiveRun.Hostile && (string?)one["entry"]!["text"] == LiveRun.Hostile);

        var shown = LiveRun.Hostile.Replace("\u202E", "⟨U+202E⟩", StringComparison.Ordinal).Replace("\u0007", "⟨U+0007⟩", StringComparison.Ordinal)
            .Replace("\u001b", "⟨U+001B⟩", StringComparison.Ordinal);
        await GoAsync("runs?search=hostile");
        await Assertions.Expect(Page.GetByRole(AriaRole.Link, new() { Name = shown })).ToBeVisibleAsync();
        await GoAsync($"run/{copy}");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(shown);
        await GoAsync($"run/{copy}/trajectories?arm=base");
        await GoAsync($"run/{copy}/trajectory/benchmark.base.0.fresh.0");
        Assert.Equal(shown, await Page.Locator(".question").InnerTextAsync());
        await Assertions.Expect(Page.GetByRole(AriaRole.Article).First).ToContainTextAsync("window.hacked=1");
        await GoAsync($"run/{copy}/plan");
        await GoAsync($"compare?runs={copy},{LiveRun.Run}");
        await GoAsync("queue");

        Assert.False(await Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        Assert.Equal(0, await Page.Locator("img[src=x]").CountAsync());
        await AssertUnbrokenAsync();
    }
}
