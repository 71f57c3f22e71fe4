using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>The report as the app hands it out: its links lead to what is behind each figure, and it prints in light ink on a page's width.</summary>
public sealed partial class ReportTests(LiveRun live) : PageTest(live)
{
    /// <summary>A4 with margins of 10 mm, at 96 points an inch.</summary>
    private const int PaperWidth = 718;

    [Fact]
    public async Task Every_link_of_the_report_leads_to_what_it_names()
    {
        var app = $"{Live.System.Client.BaseAddress}api/app";
        string[] links = [.. Links().Matches(await ReportAsync()).Select(link => System.Net.WebUtility.HtmlDecode(link.Groups["address"].Value)).Distinct()];
        Assert.True(links.Length > 20, $"{links.Length} links.");
        Assert.All(links, link => Assert.StartsWith($"{app}#/run/{LiveRun.Run}/", link, StringComparison.Ordinal));
        foreach (var link in links)
        {
            await GoAsync(link[(app.Length + 2)..]);
            await AssertThereAsync(link);
        }

        await AssertUnbrokenAsync();
    }

    [Fact]
    public async Task A_link_to_a_line_of_the_plan_shows_it_though_it_is_a_default_and_marks_it()
    {
        await GoAsync($"run/{LiveRun.Run}/plan?at=%2Fevaluation%2Fconfidence");
        await Assertions.Expect(Page.Locator("tr.asked")).ToHaveCountAsync(1);
        await Assertions.Expect(Page.Locator("tr.asked")).ToBeInViewportAsync();
        await Assertions.Expect(Page.Locator("tr.asked")).ToContainTextAsync("/evaluation/confidence");
    }

    [Fact]
    public async Task Checkpoints_are_those_of_the_API_and_the_evaluated_ones_are_marked()
    {
        await GoAsync($"run/{LiveRun.Run}/checkpoints");
        var stored = (await Live.AskAsync($"runs/{LiveRun.Run}/checkpoints"))["checkpoints"]!.AsArray();
        string[] expected = [.. stored.Select(one => $"{one!["arm"]}/{one["seed"]}/{one["stage"]}/{one["attempt"]}/{one["updates"]}")];
        Assert.Equal(expected, await Page.Locator("tr[data-checkpoint]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.checkpoint)"));
        var chosen = (await Live.AskAsync($"runs/{LiveRun.Run}/verdict"))["arms"]!.AsArray().SelectMany(arm => arm!["seeds"]!.AsArray())
            .Select(seed => (string?)seed!["chosenCheckpoint"]).OfType<string>().Select(name => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]).Where(expected.Contains).ToList();
        Assert.NotEmpty(chosen);
        Assert.Equal(chosen.Order(StringComparer.Ordinal),
            (await Page.Locator("tr.current").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.checkpoint)")).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task On_paper_the_report_has_light_ground_dark_ink_whole_tables_and_charts_in_their_shape(ColorScheme scheme)
    {
        await using var context = await Live.Browser.Chromium.NewContextAsync(new() { ViewportSize = new() { Width = PaperWidth, Height = 1000 }, ColorScheme = scheme });
        var page = await context.NewPageAsync();
        var report = await ReportAsync();
        Assert.All((string[])["id=\"probes\"", "id=\"benchmarks\""], section => Assert.Contains(section, report, StringComparison.Ordinal));
        await page.SetContentAsync(report);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        Assert.True(await page.EvaluateAsync<bool>("() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"), "The page is wider than the paper.");
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('.scroll, table, svg, figure')].filter(one => one.checkVisibility() && (one.scrollWidth > one.clientWidth + 1 || one.getBoundingClientRect().right > innerWidth + 1))
              .map(one => `${one.tagName} ${one.closest('section').id}: ${one.scrollWidth} of ${one.clientWidth}`)
            """));
        // What is left open shows the canvas, which is dark where the screen is.
        Assert.Equal("rgb(255, 255, 255)", await page.EvaluateAsync<string>("() => getComputedStyle(document.documentElement).backgroundColor"));
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => {
              const light = (colour) => { const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number); return a === 0 ? 1 : (0.2126 * r + 0.7152 * g + 0.0722 * b) / 255; };
              return [...document.querySelectorAll('body, section, table, td, th, p, h2, a, text')].filter(one => one.checkVisibility()).filter(one => {
                const style = getComputedStyle(one);
                return light(style.backgroundColor) < 0.9 || light(one.tagName === 'text' ? style.fill : style.color) > 0.45;
              }).map(one => `${one.tagName} ${getComputedStyle(one).color} on ${getComputedStyle(one).backgroundColor}`);
            }
            """));
        Assert.Empty(await page.EvaluateAsync<string[]>("""
            () => [...document.querySelectorAll('svg')].filter(one => { const box = one.getBoundingClientRect(), { width, height } = one.viewBox.baseVal; return Math.abs(box.width / box.height - width / height) > 0.02; }).map(one => one.outerHTML.slice(0, 90))
            """));

        var paper = await page.PdfAsync(new() { Format = "A4", Margin = new() { Top = "10mm", Bottom = "10mm", Left = "10mm", Right = "10mm" }, PrintBackground = true });
        Assert.StartsWith("%PDF-", System.Text.Encoding.ASCII.GetString(paper, 0, 5), StringComparison.Ordinal);
    }

    /// <summary>What is behind a link: rows, marked where the link names some; where there are none, there are none in the API either.</summary>
    private async Task AssertThereAsync(string link)
    {
        var kind = link.Split('/', '?')[^2] == "plan" || link.Contains("/plan?", StringComparison.Ordinal) ? "tr.asked"
            : link.Contains("/checkpoints", StringComparison.Ordinal) ? "tr[data-checkpoint]"
            : "tr[data-key]";
        if (kind == "tr[data-key]")
        {
            var query = link[(link.IndexOf('?', StringComparison.Ordinal) + 1)..].Replace("arm=%2A", "", StringComparison.Ordinal).Replace("arm=*", "", StringComparison.Ordinal);
            var found = (await Live.AskAsync($"runs/{LiveRun.Run}/trajectories?{query}&limit=50"))["trajectories"]!.AsArray();
            await Assertions.Expect(Page.Locator(kind)).ToHaveCountAsync(found.Count);
            Assert.True(found.Count > 0 || link.Contains("pattern=", StringComparison.Ordinal), link);
            return;
        }

        await Assertions.Expect(Page.Locator(kind).First).ToBeVisibleAsync();
        if (kind == "tr.asked")
            await Assertions.Expect(Page.Locator(kind).First).ToBeInViewportAsync();
    }

    private Task<string> ReportAsync() => Live.System.Client.GetStringAsync($"api/runs/{LiveRun.Run}/report", TestContext.Current.CancellationToken);

    [GeneratedRegex("href=\"(?<address>http[^\"]+)\"", RegexOptions.CultureInvariant)]
    private static partial Regex Links();
}
