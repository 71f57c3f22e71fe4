using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>Everybody gets at everything: axe finds nothing on any page, narrow or wide, light or dark, and the keyboard reaches all.</summary>
public sealed class AccessTests(LiveRun live) : PageTest(live)
{
    private static readonly string[] All =
    [
        "runs", $"run/{LiveRun.Run}", $"run/{LiveRun.Run}/curves", $"run/{LiveRun.Run}/trajectories", $"run/{LiveRun.Run}/trajectories?source=rollout&arm=*", $"run/{LiveRun.Run}/results",
        $"run/{LiveRun.Run}/plan", $"run/{LiveRun.Run}/plan?at=%2Fbudget", $"run/{LiveRun.Run}/checkpoints", $"run/{LiveRun.Run}/trajectory/benchmark.srl-rlvr.1.fresh.0",
        $"run/{LiveRun.Run}/trajectory/{{group}}", $"run/{LiveRun.Run}/item/{{item}}", $"compare?runs={LiveRun.Run}", "queue", "schedules", "inputs",
    ];

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1300, ColorScheme.Light)]
    [InlineData(1300, ColorScheme.Dark)]
    public async Task Axe_finds_no_violation_and_nothing_is_wider_than_the_window(int width, ColorScheme scheme)
    {
        await OpenAsync(width, scheme);
        var faults = new List<string>();
        foreach (var path in await PathsAsync())
        {
            await GoAsync(path);
            await CheckAsync(path, faults);
            if (await Page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth > innerWidth"))
                faults.Add($"{path} is wider than {width}.");
        }

        await Page.GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await CheckAsync("the key", faults);
        Assert.True(faults.Count == 0, string.Join('\n', faults));
    }

    [Fact]
    public async Task The_keyboard_alone_reaches_everything_and_moves_without_a_reload()
    {
        foreach (var path in await PathsAsync())
        {
            await GoAsync(path);
            await AssertReachedAsync(path);
        }

        await GoAsync("runs");
        await Page.GetByRole(AriaRole.Link, new() { Name = LiveRun.Name }).First.FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Page.WaitForURLAsync("**#/run/*");
        await SettledAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Curves" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator(".chart").First).ToBeVisibleAsync();

        // A dialog takes the focus, and Escape closes it and does nothing.
        await GoAsync($"run/{LiveRun.Run}");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Purge …" }).FocusAsync();
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToBeVisibleAsync();
        Assert.True(await Page.EvaluateAsync<bool>("() => document.querySelector('dialog').contains(document.activeElement)"));
        await Page.Keyboard.PressAsync("Escape");
        await Assertions.Expect(Page.GetByRole(AriaRole.Dialog)).ToHaveCountAsync(0);
        await AssertUnbrokenAsync();
    }

    [Fact]
    public async Task Without_a_key_or_with_a_wrong_one_the_page_asks_for_it_and_shows_nothing()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Forget the key" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Key of the app")).ToBeVisibleAsync();
        await Page.GetByLabel("Key of the app").FillAsync("wrong");
        await Page.GetByRole(AriaRole.Button, new() { Name = "Open" }).ClickAsync();
        await Assertions.Expect(Page.GetByLabel("Key of the app")).ToBeVisibleAsync();
        await Page.GetByLabel("Key of the app").FillAsync(Testing.LocalSystem.Key);
        await Page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(Page.Locator($"tr[data-run='{LiveRun.Run}']")).ToBeVisibleAsync();
    }

    /// <summary>A wrong key is refused, which the browser notes.</summary>
    protected override bool Expects(string fault) => fault.Contains("401", StringComparison.Ordinal);

    private async Task<IReadOnlyList<string>> PathsAsync()
    {
        var group = (string)(await Live.AskAsync($"runs/{LiveRun.Run}/trajectories?source=rollout&limit=1"))["trajectories"]![0]!["key"]!;
        var item = (await Live.EvaluationAsync(LiveRun.Run, "srl/1"))[(LiveRun.Run.Length + 1)..].Replace('/', '.');
        return [.. All.Select(path => path.Replace("{group}", group, StringComparison.Ordinal).Replace("{item}", item, StringComparison.Ordinal))];
    }

    private async Task CheckAsync(string path, List<string> faults)
    {
        var found = await Page.RunAxe();
        faults.AddRange(found.Violations.SelectMany(violation => violation.Nodes.Select(node => $"{path}: {violation.Id} {node.Html} ({violation.Help})")));
    }

    /// <summary>Every control that is seen gets the focus on the way through the page with the Tab key.</summary>
    private async Task AssertReachedAsync(string path)
    {
        const string seen = "a[href], button:not(:disabled), input, select, textarea, summary";
        var wanted = await Page.EvaluateAsync<int>($$"""
            () => { let n = 0; for (const one of document.querySelectorAll('{{seen}}')) if (one.checkVisibility()) one.dataset.wanted = n++; document.activeElement?.blur(); return n; }
            """);
        var reached = new HashSet<string>();
        for (var presses = 0; presses < wanted + 60 && reached.Count < wanted; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await Page.EvaluateAsync<string?>("() => document.activeElement?.dataset?.wanted ?? null") is { } number)
                reached.Add(number);
        }

        Assert.True(reached.Count == wanted, $"{path}: {reached.Count} of {wanted} were reached.");
    }
}
