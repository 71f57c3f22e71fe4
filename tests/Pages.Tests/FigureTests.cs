using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>What pages show is what the API and the stored metrics say.</summary>
public sealed class FigureTests(LiveRun live) : PageTest(live)
{
    [Fact]
    public async Task The_link_with_the_key_opens_the_runs_and_leaves_no_key_in_the_address()
    {
        Assert.EndsWith("/api/app#/runs", Page.Url, StringComparison.Ordinal);
        var row = Page.Locator($"tr[data-run='{LiveRun.Run}']");
        await Assertions.Expect(row.GetByRole(AriaRole.Link, new() { Name = LiveRun.Name })).ToBeVisibleAsync();
        await Assertions.Expect(row).ToContainTextAsync("completed");
        var status = await Live.AskAsync($"runs/{LiveRun.Run}");
        await Assertions.Expect(row).ToContainTextAsync((string)status["headline"]!);
        await Assertions.Expect(row).ToContainTextAsync(((long)status["usage"]!["tokens"]! / 1000.0).ToString("0.#", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Runs_are_ordered_by_the_app_by_id_and_time_and_by_the_page_by_everything_else()
    {
        foreach (var run in (string[])["a-later", "z-latest"])
            await Live.System.SubmitAsync(LiveRun.Plan, run);
        await GoAsync("runs");
        foreach (var (column, order, sort) in ((string, string, string)[])[("Run", "id", "ascending"), ("Submitted", "newest", "descending"), ("Submitted", "oldest", "ascending")])
        {
            await Page.Locator("button.sort", new() { HasText = column }).ClickAsync();
            await SettledAsync();
            await Assertions.Expect(Page.GetByRole(AriaRole.Columnheader, new() { Name = column })).ToHaveAttributeAsync("aria-sort", sort);
            string[] expected = [.. (await Live.AskAsync($"runs?limit=25&order={order}"))["runs"]!.AsArray().Select(run => (string)run!["id"]!)];
            Assert.Equal(expected, await RowsAsync());
        }

        await Page.Locator("button.sort", new() { HasText = "State" }).ClickAsync();
        var states = await Page.Locator("tr[data-run] td:nth-child(3) .badge").AllInnerTextsAsync();
        Assert.Equal(states.Order(StringComparer.Ordinal), states);
        foreach (var run in (string[])["a-later", "z-latest"])
        {
            await Live.System.Client.DeleteAsync($"api/runs/{run}", TestContext.Current.CancellationToken);
            await Live.System.WaitForEndAsync(run, TimeSpan.FromMinutes(5));
        }
    }

    [Fact]
    public async Task A_runs_arms_show_the_figures_of_its_status()
    {
        await GoAsync($"run/{LiveRun.Run}");
        var status = await Live.AskAsync($"runs/{LiveRun.Run}");
        foreach (var arm in status["arms"]!.AsArray().Where(arm => !((string)arm!["arm"]!).StartsWith('@')))
        {
            var row = Page.Locator($"tr[data-arm='{arm!["arm"]}/{arm["seed"]}']");
            Assert.Equal(Rounded((double)arm["meanReward"]!), Number(await row.Locator("[data-figure=meanReward]").InnerTextAsync()));
            Assert.Equal(Math.Round(100 * (double)arm["validationAccuracy"]!, 1), Number(await row.Locator("[data-figure=validation]").InnerTextAsync()));
            await Assertions.Expect(row).ToContainTextAsync((string)arm["outcome"]!);
        }

        var metrics = await Live.AskAsync($"runs/{LiveRun.Run}/metrics");
        foreach (var attempt in metrics["attempts"]!.AsArray())
            await Assertions.Expect(Page.GetByText((string)attempt!["reason"]!, new() { Exact = false }).First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Curves_end_at_the_means_of_the_stored_iterations_and_the_CSV_has_every_one_of_them()
    {
        await GoAsync($"run/{LiveRun.Run}/curves");
        var metrics = await Live.AskAsync($"runs/{LiveRun.Run}/metrics");
        var label = await Page.Locator(".chart", new() { HasText = "Reward, mean" }).Locator(".plot").GetAttributeAsync("aria-label");
        foreach (var arm in (string[])["srl", "srl-rlvr"])
        {
            var last = metrics["attempts"]!.AsArray().Where(attempt => (string)attempt!["arm"]! == arm).GroupBy(attempt => (int)attempt!["seed"]!)
                .Select(seed => Values(seed.Last()!, "meanReward").Last()).Average();
            Assert.Contains($"{arm} {Rounded(last).ToString(CultureInfo.InvariantCulture)}", label, StringComparison.Ordinal);
        }

        var download = await Page.RunAndWaitForDownloadAsync(() => Page.GetByRole(AriaRole.Button, new() { Name = "CSV" }).ClickAsync());
        var lines = (await File.ReadAllLinesAsync(await download.PathAsync(), TestContext.Current.CancellationToken)).Select(line => line.Split(',')).ToList();
        var column = Array.IndexOf(lines[0], "meanReward");
        var stored = new List<double>();
        foreach (var attempt in metrics["attempts"]!.AsArray())
            stored.AddRange(await StoredAsync($"{attempt!["arm"]}/{attempt["seed"]}/{attempt["stage"]}/{attempt["attempt"]}"));
        Assert.Equal(16, stored.Count);
        Assert.Equal(stored, lines.Skip(1).Where(line => line[column].Length > 0).Select(line => double.Parse(line[column], CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Results_are_those_of_the_verdict_and_lead_to_the_answers_behind_them()
    {
        await GoAsync($"run/{LiveRun.Run}/results");
        var verdict = await Live.AskAsync($"runs/{LiveRun.Run}/verdict");
        foreach (var arm in verdict["arms"]!.AsArray())
        {
            var cell = Page.Locator($"tr[data-arm='{arm!["arm"]}'] td[data-benchmark=fresh] a");
            Assert.Equal(Math.Round(100 * (double)arm["benchmarks"]![0]!["sampled"]!["value"]!, 1), Number(await cell.InnerTextAsync()));
        }

        await Page.Locator("tr[data-arm='srl'] td[data-benchmark=fresh] a").ClickAsync();
        await SettledAsync();
        await AssertShownAsync(await Live.AskAsync($"runs/{LiveRun.Run}/trajectories?source=benchmark&arm=srl&benchmark=fresh&limit=50"));
        await AssertUnbrokenAsync();
    }

    [Theory]
    [InlineData("source=rollout&arm=srl-rlvr&seed=2", "source=rollout&arm=srl-rlvr&seed=2")]
    [InlineData("source=benchmark&arm=srl-rlvr&pattern=lost", "source=benchmark&arm=srl-rlvr&against=base&pattern=lost")]
    [InlineData("source=benchmark&arm=srl-rlvr&correct=true", "source=benchmark&arm=srl-rlvr&correct=true")]
    [InlineData("source=validation&arm=srl&iteration=1", "source=validation&arm=srl&iteration=1")]
    public async Task Filters_show_the_trajectories_that_the_API_finds(string shown, string asked)
    {
        await GoAsync($"run/{LiveRun.Run}/trajectories?{shown}");
        await AssertShownAsync(await Live.AskAsync($"runs/{LiveRun.Run}/trajectories?{asked}&limit=50"));
    }

    [Fact]
    public async Task A_group_is_shown_side_by_side_with_its_rewards_and_by_its_own_link()
    {
        var list = await Live.AskAsync($"runs/{LiveRun.Run}/trajectories?source=rollout&arm=srl-rlvr&stage=1&limit=1");
        var key = (string)list["trajectories"]![0]!["key"]!;
        var detail = await Live.AskAsync($"runs/{LiveRun.Run}/trajectories/{key}");
        await GoAsync($"run/{LiveRun.Run}/trajectory/{key}");

        var completions = Page.GetByRole(AriaRole.Article);
        Assert.Equal(4, await completions.CountAsync());
        for (var at = 0; at < 4; at++)
        {
            var completion = detail["completions"]![at]!;
            await Assertions.Expect(completions.Nth(at)).ToContainTextAsync($"reward {((double)completion["reward"]!).ToString("0.###", CultureInfo.InvariantCulture)}");
            foreach (var step in completion["steps"]!.AsArray().Where(step => ((string)step!["text"]!).Length > 0))
                await Assertions.Expect(completions.Nth(at)).ToContainTextAsync((string)step!["text"]!);
        }

        await Assertions.Expect(Page.GetByText((string)detail["problem"]!["question"]!)).ToBeVisibleAsync();
        await completions.First.GetByText("tokens, log p").ClickAsync();
        await Assertions.Expect(completions.First.Locator(".token")).ToHaveCountAsync(detail["completions"]![0]!["tokens"]!.AsArray().Count);
    }

    [Fact]
    public async Task An_answer_to_a_benchmark_shows_every_sample_side_by_side_right_or_wrong()
    {
        const string key = "benchmark.srl-rlvr.1.fresh.3";
        var detail = await Live.AskAsync($"runs/{LiveRun.Run}/trajectories/{key}");
        var result = JsonNode.Parse(await Live.ReadAsync("work", $"{await Live.EvaluationAsync(LiveRun.Run, "srl-rlvr/1")}/result.json"))!["output"]!["answers"]![3]!;
        await GoAsync($"run/{LiveRun.Run}/trajectory/{key}");
        var samples = Page.GetByLabel("Samples").GetByRole(AriaRole.Article);
        var stored = result["sampled"]!.AsArray();
        Assert.Equal((LiveRun.Samples, (int)result["samplesCorrect"]!), (stored.Count, stored.Count(sample => (bool)sample!["correct"]!)));
        await Assertions.Expect(samples).ToHaveCountAsync(stored.Count);
        for (var at = 0; at < stored.Count; at++)
        {
            await Assertions.Expect(samples.Nth(at).Locator("header .badge").First).ToHaveTextAsync((bool)stored[at]!["correct"]! ? "right" : "wrong");
            Assert.Equal((string)stored[at]!["text"]!, (string)detail["samples"]![at]!["text"]!);
            foreach (var step in detail["samples"]![at]!["steps"]!.AsArray().Where(step => ((string)step!["text"]!).Length > 0))
                await Assertions.Expect(samples.Nth(at)).ToContainTextAsync((string)step!["text"]!);
        }
    }

    [Fact]
    public async Task The_plan_marks_its_defaults()
    {
        await GoAsync($"run/{LiveRun.Run}/plan");
        await Assertions.Expect(Page.GetByRole(AriaRole.Rowheader, new() { Name = "/budget/amount", Exact = true })).ToBeVisibleAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Rowheader, new() { Name = "/evaluation/confidence", Exact = true })).ToHaveCountAsync(0);
        await Page.GetByLabel("only what is not a default").UncheckAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Row, new() { Name = "/evaluation/confidence 0.95 default" })).ToBeVisibleAsync();
    }

    private async Task<string[]> RowsAsync() => await Page.Locator("tr[data-run]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.run)");

    private async Task AssertShownAsync(JsonNode list)
    {
        string[] keys = [.. list["trajectories"]!.AsArray().Select(entry => (string)entry!["key"]!)];
        await Assertions.Expect(Page.Locator("tr[data-key]")).ToHaveCountAsync(keys.Length);
        Assert.Equal(keys, await Page.Locator("tr[data-key]").EvaluateAllAsync<string[]>("rows => rows.map(row => row.dataset.key)"));
    }

    /// <summary>The rewards of an attempt's iterations as they lie in storage.</summary>
    private async Task<IEnumerable<double>> StoredAsync(string attempt)
    {
        var blob = new Azure.Storage.Blobs.BlobClient(Live.System.Azurite.ConnectionString, "runs", $"{LiveRun.Run}/metrics/{attempt}.jsonl");
        var lines = (await blob.DownloadContentAsync(TestContext.Current.CancellationToken)).Value.Content.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return lines.Select(line => (double)JsonNode.Parse(line)!["meanReward"]!);
    }

    private static IEnumerable<double> Values(JsonNode attempt, string figure) =>
        attempt["lines"]!.AsArray().FirstOrDefault(line => (string)line!["figure"]! == figure)?["values"]!.AsArray().Select(value => (double)value!) ?? [];

    private static double Rounded(double value) => double.Parse(value.ToString("G4", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static double Number(string text) => double.Parse(text.Replace("%", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
}
