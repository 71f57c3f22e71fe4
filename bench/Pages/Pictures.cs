using Microsoft.Playwright;
using Pages.Tests;
using Testing;

namespace Pages;

/// <summary>The pictures of the README, of a run as it is.</summary>
internal static class Pictures
{
    public static async Task TakeAsync(string link, string? run)
    {
        await using var browser = await Browser.StartAsync();
        var folder = Path.Combine(LocalSystem.Repository(), "docs", "pictures");
        var page = await (await browser.Chromium.NewContextAsync(new() { ViewportSize = new() { Width = 1300, Height = 860 }, ColorScheme = ColorScheme.Light })).NewPageAsync();
        await page.GotoAsync(link);
        await page.Locator("tr[data-run]").First.WaitForAsync();
        run ??= await page.Locator("tr[data-run]", new() { HasText = "completed" }).First.GetAttributeAsync("data-run");

        await GoAsync(page, $"run/{run}/curves");
        await page.Locator(".chart").Nth(5).WaitForAsync();
        await ShootAsync(page, folder, "curves");
        await GoAsync(page, $"run/{run}/trajectories?source=benchmark&pattern=won");
        await page.Locator("tr[data-key] a").First.ClickAsync();
        await page.GetByText("Every arm’s answer to this problem").WaitForAsync();
        await ShootAsync(page, folder, "trajectory");
    }

    private static async Task GoAsync(IPage page, string fragment) => await page.EvaluateAsync("fragment => { location.hash = fragment; }", $"/{fragment}");

    private static async Task ShootAsync(IPage page, string folder, string name)
    {
        Directory.CreateDirectory(folder);
        await page.Mouse.MoveAsync(0, 0);
        await page.WaitForTimeoutAsync(500);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}.png") });
        Console.WriteLine(Path.Combine("docs", "pictures", $"{name}.png"));
    }
}
