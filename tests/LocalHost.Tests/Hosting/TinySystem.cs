using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Testing;

namespace LocalHost.Tests.Hosting;

/// <summary>A host that runs the tiny app, over an Azurite of its own.</summary>
internal sealed class TinySystem : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(6);

    private readonly string _folder = Directory.CreateTempSubdirectory("tiny-").FullName;
    private LocalSystem? _system;

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    public LocalSystem System => _system ?? throw new InvalidOperationException("The system was not started.");

    public HttpClient Client => System.Client;

    /// <summary>What the app's queue and timer write to.</summary>
    public string TriggersFile => File("triggers");

    public static async Task<TinySystem> StartAsync(IReadOnlyDictionary<string, string>? settings = null)
    {
        var tiny = new TinySystem();
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>()) { ["TinyFile"] = tiny.TriggersFile };
        tiny._system = await LocalSystem.StartAsync(workers: 0, settings: all, app: LocalSystem.OutputOf(Path.Combine("tests", "TinyApp")));
        return tiny;
    }

    public string File(string name) => Path.Combine(_folder, name);

    public static IReadOnlyList<string> Lines(string file) => !global::System.IO.File.Exists(file) ? [] : ReadShared(file).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Starts an orchestration of the app.</summary>
    public async Task BeginAsync(string orchestrator, string id, string input = "")
    {
        using var begun = await Client.PostAsync($"api/begin/{orchestrator}/{id}", new StringContent(input), Token);
        Assert.Equal(202, (int)begun.StatusCode);
    }

    public async Task<(int Code, JsonNode? Body)> ManageAsync(HttpMethod method, string path, HttpContent? content = null)
    {
        using var request = new HttpRequestMessage(method, $"runtime/webhooks/durabletask/{path}") { Content = content };
        request.Headers.Add("x-functions-key", (await System.KeysAsync()).Durable);
        using var client = new HttpClient { BaseAddress = Client.BaseAddress };
        using var response = await client.SendAsync(request, Token);
        var text = await response.Content.ReadAsStringAsync(Token);
        return ((int)response.StatusCode, text.StartsWith('{') || text.StartsWith('[') ? JsonNode.Parse(text) : null);
    }

    /// <summary>An instance's status, once it has ended.</summary>
    public Task<JsonNode> EndOfAsync(string id) => UntilAsync(async () =>
    {
        var status = (await ManageAsync(HttpMethod.Get, $"instances/{id}")).Body;
        return (string?)status?["runtimeStatus"] is "Completed" or "Failed" or "Terminated" ? status : null;
    });

    /// <summary>Asks again and again, also while no host is there.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T?>> find)
        where T : class
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await find() is { } found)
                    return found;
            }
            catch (HttpRequestException) when (started.Elapsed < Limit)
            {
                // The host is being started again.
            }

            Assert.True(started.Elapsed < Limit, $"Expected it within {Limit.TotalMinutes:0} minutes.");
            await Task.Delay(50, Token);
        }
    }

    public static Task UntilAsync(Func<bool> found) => UntilAsync(() => Task.FromResult(found() ? "" : null));

    /// <summary>The process that runs the app.</summary>
    public async Task<int> AppProcessAsync() => int.Parse((await Client.GetStringAsync("api/open", Token)).Split(' ')[1], global::System.Globalization.CultureInfo.InvariantCulture);

    public static void Kill(int process)
    {
        using var killed = Process.GetProcessById(process);
        killed.Kill();
    }

    public static bool IsAlive(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
            await _system.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string ReadShared(string file)
    {
        using var reader = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));
        return reader.ReadToEnd();
    }
}

/// <summary>One such system for all tests that leave it as it is.</summary>
public sealed class SharedTinySystem : IAsyncLifetime
{
    internal TinySystem Tiny { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Tiny = await TinySystem.StartAsync();

    public ValueTask DisposeAsync() => Tiny.DisposeAsync();
}
