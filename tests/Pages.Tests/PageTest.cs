using Microsoft.Playwright;
using Testing;

namespace Pages.Tests;

/// <summary>A page over the shared run, in a browser context of its own; whatever it asks for, and whatever goes wrong in it, is held against it at the end.</summary>
[Trait("Speed", "slow")]
public abstract class PageTest(LiveRun live) : IAsyncLifetime
{
    private readonly List<string> _faults = [];
    private IBrowserContext? _context;

    protected LiveRun Live => live;

    protected IPage Page { get; private set; } = null!;

    /// <summary>Addresses that the page asked for.</summary>
    protected List<string> Asked { get; } = [];

    /// <summary>What the page may say of refusals that a test provokes.</summary>
    protected virtual bool Expects(string fault) => false;

    public async ValueTask InitializeAsync()
    {
        if (live.Missing is not null)
            Assert.Skip(live.Missing);
        await OpenAsync(1300, ColorScheme.Light);
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
            await _context.DisposeAsync();
        GC.SuppressFinalize(this);
        Assert.True(_faults.Count == 0, string.Join('\n', _faults));
        Assert.All(Asked, address => Assert.True(
            address.StartsWith(live.System.Client.BaseAddress!.ToString(), StringComparison.Ordinal) || address.StartsWith("data:", StringComparison.Ordinal)
                || address.StartsWith("blob:", StringComparison.Ordinal), address));
        Assert.All(Asked, address => Assert.DoesNotContain(LocalSystem.Key, address, StringComparison.Ordinal));
    }

    /// <summary>Opens the pages anew, by the link that carries the key.</summary>
    protected async Task OpenAsync(int width, ColorScheme scheme)
    {
        if (_context is not null)
            await _context.DisposeAsync();
        _context = await live.Browser.Chromium.NewContextAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        Page = await _context.NewPageAsync();
        Page.SetDefaultTimeout(20_000);
        Page.Request += (_, request) => Asked.Add(request.Url);
        Page.PageError += (_, error) => _faults.Add(error);
        Page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !Expects(message.Text))
                _faults.Add(message.Text);
        };
        await Page.GotoAsync($"{live.System.Client.BaseAddress}api/app#key={LocalSystem.Key}");
        await Assertions.Expect(Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Runs");
        await Page.EvaluateAsync("() => { window.unbroken = true; }");
    }

    /// <summary>Goes to a page by its fragment, and waits until it has loaded.</summary>
    protected async Task GoAsync(string fragment)
    {
        await Page.EvaluateAsync("fragment => { location.hash = fragment; }", $"/{fragment}");
        await SettledAsync();
    }

    protected async Task SettledAsync()
    {
        // What is asked for may depend on what was asked for before, and effects begin with the next frame.
        for (var asked = 0; asked < 3; asked++)
        {
            await Page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50)))");
            await Assertions.Expect(Page.Locator("html[data-loading]")).ToHaveCountAsync(0);
        }
    }

    /// <summary>That no page was loaded anew since the link was followed.</summary>
    protected async Task AssertUnbrokenAsync() => Assert.True(await Page.EvaluateAsync<bool>("() => window.unbroken === true"));
}
