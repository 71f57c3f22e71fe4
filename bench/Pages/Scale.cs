using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Playwright;
using Pages.Tests;
using Testing;

namespace Pages;

/// <summary>How long the pages take beside 1,000 runs, 100,000 metric points and 100,000 trajectories.</summary>
internal static class Scale
{
    private const double MostContent = 1000;
    private const double MostInteraction = 100;
    private const int Times = 5;

    public static async Task<int> MeasureAsync()
    {
        await using var system = await LocalSystem.StartAsync(workers: 0);
        await system.SubmitAsync(LargeRun.Plan, LargeRun.Id);
        var large = new LargeRun(system.Azurite.ConnectionString);
        await large.WriteAsync();
        await large.WriteOthersAsync();
        Console.WriteLine($"{LargeRun.Runs} runs, {large.Points} metric points, {large.Trajectories} trajectories; medians of {Times}, in milliseconds");

        await using var browser = await Browser.StartAsync();
        var page = await (await browser.Chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1300, Height = 900 } })).NewPageAsync();
        var asked = new ConcurrentDictionary<IRequest, bool>();
        page.Request += (_, request) => asked[request] = true;
        page.RequestFinished += (_, request) => asked.TryRemove(request, out var _);
        page.RequestFailed += (_, request) => asked.TryRemove(request, out var _);
        var link = $"{system.Client.BaseAddress}api/app#key={LocalSystem.Key}";
        await page.GotoAsync(link);
        await page.Locator("tr[data-run]").First.WaitForAsync();

        var slow = false;
        async Task TellAsync(string what, double most, Func<Task<double>> measure)
        {
            // Once before, so that what a process reads once is read.
            await measure();
            var taken = new List<double>();
            for (var time = 0; time < Times; time++)
                taken.Add(await measure());
            taken.Sort();
            slow |= taken[Times / 2] > most;
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what,-58}{taken[Times / 2],8:0}  of at most {most:0}{(taken[Times / 2] > most ? "  too slow" : "")}"));
        }

        foreach (var rows in (int[])[1, 25])
        {
            await TellAsync(string.Create(CultureInfo.InvariantCulture, $"GET /api/runs?limit={rows}"), MostContent, async () =>
            {
                var began = System.Diagnostics.Stopwatch.GetTimestamp();
                await system.Client.GetStringAsync(string.Create(CultureInfo.InvariantCulture, $"api/runs?limit={rows}"));
                return System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            });
        }

        await TellAsync("runs, from nothing to the first rows", MostContent, async () =>
        {
            // What the page before asked for has been answered, so that the host does nothing else.
            while (!asked.IsEmpty)
                await Task.Delay(20);
            await page.GotoAsync("about:blank");
            return await ContentAsync(page, () => page.GotoAsync(link), "tr[data-run]");
        });
        await TellAsync("runs, a search", MostContent, async () =>
            { await GoAsync(page, "runs"); return await ContentAsync(page, () => GoAsync(page, "runs?search=0777"), "tr[data-run='run-0777']:only-child"); });
        await TellAsync("a run, its timeline", MostContent, () => FromRunsAsync(page, $"run/{LargeRun.Id}", ".lane"));
        await TellAsync("a run, all its curves", MostContent, () => FromRunsAsync(page, $"run/{LargeRun.Id}/curves", ".chart canvas"));
        await TellAsync("curves, to the log scale and back", MostInteraction, () => ActAsync(page, "() => document.querySelector('.check input').click()"));
        await TellAsync("curves, smoothing", MostInteraction, () => ActAsync(page, "() => { const one = document.querySelector('input[type=range]'); one.value = String((Number(one.value) + 0.1) % 0.9); one.dispatchEvent(new Event('input', { bubbles: true })); }"));
        await TellAsync("curves, an arm out and in", MostInteraction, () => ActAsync(page, "() => document.querySelector('.arm').click()"));
        await TellAsync("trajectories, the first page", MostContent, () => FromRunsAsync(page, $"run/{LargeRun.Id}/trajectories", "tr[data-key]"));
        await TellAsync("trajectories, from the middle, those that are right", MostContent, () => FromRunsAsync(page, $"run/{LargeRun.Id}/trajectories?arm=srl-3&seed=2&correct=true", "tr[data-key]"));
        await TellAsync("a trajectory, with every arm's answer", MostContent, () => FromRunsAsync(page, $"run/{LargeRun.Id}/trajectory/benchmark.srl-2.1.fresh.9000", ".completion"));
        return slow ? 1 : 0;
    }

    private static async Task<double> FromRunsAsync(IPage page, string fragment, string content)
    {
        await GoAsync(page, "inputs");
        await page.Locator("text=Models").First.WaitForAsync();
        return await ContentAsync(page, () => GoAsync(page, fragment), content);
    }

    private static async Task GoAsync(IPage page, string fragment) => await page.EvaluateAsync("fragment => { location.hash = fragment; }", $"/{fragment}");

    private static async Task<double> ContentAsync(IPage page, Func<Task> go, string content)
    {
        var began = System.Diagnostics.Stopwatch.GetTimestamp();
        await go();
        await page.Locator(content).First.WaitForAsync();
        return System.Diagnostics.Stopwatch.GetElapsedTime(began).TotalMilliseconds;
    }

    /// <summary>From the event to the frame after what it changed.</summary>
    private static Task<double> ActAsync(IPage page, string act) => page.EvaluateAsync<double>(
        $"async () => {{ const began = performance.now(); ({act})(); await new Promise(done => requestAnimationFrame(() => setTimeout(done))); return performance.now() - began; }}");
}
