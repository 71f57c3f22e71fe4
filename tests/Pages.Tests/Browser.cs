using System.Diagnostics;
using Microsoft.Playwright;

namespace Pages.Tests;

/// <summary>Debian's Chromium, headless; installed where that is possible and it is absent.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Program = "chromium";

    /// <summary>Debian's browser, where the path has it; null where it is absent.</summary>
    private static string? Found => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, Program)).FirstOrDefault(File.Exists);

    /// <summary>Nothing of its own goes to the network.</summary>
    private static readonly string[] Arguments =
        ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private Browser(IPlaywright playwright, IBrowser browser) => (Playwright, Chromium) = (playwright, browser);

    private IPlaywright Playwright { get; }

    public IBrowser Chromium { get; }

    /// <summary>Why there is none; null where there is one.</summary>
    public static async Task<string?> MissingAsync()
    {
        if (Found is not null)
            return null;
        foreach (var arguments in (string[])["update", "install --yes --no-install-recommends chromium"])
        {
            try
            {
                using var apt = Process.Start(new ProcessStartInfo("apt-get", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
                _ = apt.StandardOutput.ReadToEndAsync();
                _ = apt.StandardError.ReadToEndAsync();
                await apt.WaitForExitAsync();
            }
            catch (System.ComponentModel.Win32Exception)
            {
                break;
            }
        }

        return Found is not null ? null : $"Expected the program {Program} on the path; it is absent and could not be installed with apt-get.";
    }

    public static async Task<Browser> StartAsync()
    {
        var playwright = await Microsoft.Playwright.Playwright.CreateAsync();
        return new(playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Found, Args = Arguments }));
    }

    public async ValueTask DisposeAsync()
    {
        await Chromium.DisposeAsync();
        Playwright.Dispose();
    }
}
