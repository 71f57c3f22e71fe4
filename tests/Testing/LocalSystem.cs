using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Testing;

/// <summary>The whole system as real processes over an Azurite: the host and any number of workers, each of which can be killed.</summary>
public sealed class LocalSystem : IAsyncDisposable
{
    /// <summary>The function key of every host here.</summary>
    public const string Key = "a-key-for-tests-only";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("stack-").FullName;
    private readonly Dictionary<string, Process> _workers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FaultProxy> _proxies = new(StringComparer.Ordinal);
    private Process? _host;
    private Process? _standby;
    private HttpClient? _client;
    private HttpClient? _standbyClient;

    private LocalSystem(AzuriteServer azurite) => Azurite = azurite;

    public AzuriteServer Azurite { get; }

    /// <summary>Speaks with its key to the host, or to the standby once that has taken the host's place.</summary>
    public HttpClient Client => _client ?? throw new InvalidOperationException("The host was not started.");

    public IEnumerable<string> Workers => _workers.Keys;

    /// <summary>The folder of the app that is run; what was built, unless it is given.</summary>
    private string? AppFolder { get; init; }

    private IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>What stands between a process and Azurite, by the process's name; empty unless asked for.</summary>
    public IReadOnlyDictionary<string, FaultProxy> Proxies => _proxies;

    /// <param name="workers">How many, named worker-1 and on.</param>
    /// <param name="proxied">Whether each process reaches Azurite through a <see cref="FaultProxy"/> of its own.</param>
    /// <param name="settings">Settings of every process, beside the usual ones.</param>
    public static async Task<LocalSystem> StartAsync(
        int workers, bool proxied = false, IReadOnlyDictionary<string, string>? settings = null, string? app = null)
    {
        var stack = new LocalSystem(await AzuriteServer.StartAsync()) { Settings = settings ?? new Dictionary<string, string>(), AppFolder = app };
        string[] names = [.. Enumerable.Range(1, workers).Select(n => string.Create(CultureInfo.InvariantCulture, $"worker-{n}"))];
        if (proxied)
        {
            foreach (var name in names.Append("host"))
                stack._proxies.Add(name, await FaultProxy.StartAsync(stack.Azurite));
        }

        await stack.StartHostAsync();
        foreach (var name in names)
            stack.StartWorker(name);
        return stack;
    }

    public async Task StartHostAsync()
    {
        var (host, client) = await StartHostAsync("host");
        _client?.Dispose();
        (_host, _client) = (host, client);
    }

    /// <summary>Starts a second host on the same task hub, which waits for it.</summary>
    public async Task StartStandbyAsync() => (_standby, _standbyClient) = await StartHostAsync("standby");

    /// <summary>From here on the standby is the host.</summary>
    public async Task FollowStandbyAsync()
    {
        await KillAsync(_host!);
        _client?.Dispose();
        (_host, _client) = (_standby, _standbyClient);
        (_standby, _standbyClient) = (null, null);
    }

    /// <param name="name">Stands in claims.</param>
    /// <param name="settings">Environment variables beside those that every worker here has.</param>
    public void StartWorker(string name, IReadOnlyDictionary<string, string>? settings = null) => _workers[name] = Start("GpuWorker", name, new(settings ?? new Dictionary<string, string>())
    {
        ["Worker__Name"] = name,
        ["Worker__MaxPollMilliseconds"] = "100",
        ["Worker__ExitWhenInputCloses"] = "true",
        ["OMP_NUM_THREADS"] = "1",
    });

    public Task KillHostAsync() => KillAsync(_host!);

    public bool IsRunning(string name) => (name == "host" ? _host! : _workers[name]) is { HasExited: false };

    /// <summary>Sends a process a signal of the operating system's: TERM, STOP or CONT.</summary>
    public async Task SignalAsync(string name, string signal)
    {
        var process = name == "host" ? _host! : _workers[name];
        if (process.HasExited)
            return;
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for a process to end by itself.</summary>
    public Task EndOfAsync(string name) => (name == "host" ? _host! : _workers[name]).WaitForExitAsync();

    public async Task KillWorkerAsync(string name)
    {
        await KillAsync(_workers[name]);
        _workers.Remove(name);
    }

    /// <summary>Submits a plan under a key and returns the run's id.</summary>
    public async Task<string> SubmitAsync(string plan, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/runs")
        {
            Content = new StringContent(plan, System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("Idempotency-Key", key);
        using var response = await Client.SendAsync(request);
        var body = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode
            ? (string)JsonNode.Parse(body)!["id"]!
            : throw new InvalidOperationException($"The plan was refused ({(int)response.StatusCode}): {body}");
    }

    public async Task<JsonNode> StatusAsync(string run) => (await Client.GetFromJsonAsync<JsonNode>($"api/runs/{run}"))!;

    /// <summary>Polls a run until its status is as wanted.</summary>
    public async Task<JsonNode> WaitAsync(string run, Func<JsonNode, bool> wanted, TimeSpan limit)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            var status = await StatusAsync(run);
            if (wanted(status))
                return status;
            if (started.Elapsed > limit)
                throw new TimeoutException($"Expected the run's status within {limit.TotalSeconds:0} s; it is {status.ToJsonString()}\nhost: {Log("host")}");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>Has a run purged and waits until there is none.</summary>
    public async Task PurgeAsync(string run, TimeSpan limit)
    {
        using var accepted = await Client.PostAsync($"api/runs/{run}/purge", null);
        if ((int)accepted.StatusCode != 202)
            throw new InvalidOperationException($"The purge was refused ({(int)accepted.StatusCode}): {await accepted.Content.ReadAsStringAsync()}");
        await WaitGoneAsync(run, limit);
    }

    /// <summary>Waits until there is no such run any more.</summary>
    public async Task WaitGoneAsync(string run, TimeSpan limit)
    {
        var started = Stopwatch.StartNew();
        while (true)
        {
            using var status = await Client.GetAsync($"api/runs/{run}");
            if ((int)status.StatusCode == 404)
                return;
            if (started.Elapsed > limit)
                throw new TimeoutException($"Expected {run} to be purged within {limit.TotalSeconds:0} s; it is {await status.Content.ReadAsStringAsync()}");
            await Task.Delay(TimeSpan.FromMilliseconds(200));
        }
    }

    /// <summary>The host's keys, from where it keeps them.</summary>
    public async Task<(string Master, string Durable)> KeysAsync()
    {
        var secrets = new Azure.Storage.Blobs.BlobClient(Azurite.ConnectionString, "azure-webjobs-secrets", "local/host.json");
        var keys = JsonNode.Parse((await secrets.DownloadContentAsync()).Value.Content.ToString())!;
        return ((string)keys["masterKey"]!["value"]!, (string)keys["systemKeys"]![0]!["value"]!);
    }

    /// <summary>What the durable extension's own API answers to a request below <c>instances</c>.</summary>
    public async Task<JsonNode> InstancesAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"runtime/webhooks/durabletask/instances{path}");
        request.Headers.Add("x-functions-key", (await KeysAsync()).Master);
        using var client = new HttpClient { BaseAddress = Client.BaseAddress };
        using var response = await client.SendAsync(request);
        return JsonNode.Parse(await response.Content.ReadAsStringAsync())!;
    }

    public Task<JsonNode> WaitForEndAsync(string run, TimeSpan limit) =>
        WaitAsync(run, status => (string)status["state"]! is "completed" or "failed" or "canceled", limit);

    /// <summary>The end of what a process wrote.</summary>
    public string Log(string name) => string.Join('\n', Lines(name).TakeLast(40));

    /// <summary>All that a process wrote.</summary>
    public IReadOnlyList<string> Lines(string name)
    {
        lock (_folder)
        {
            var path = Path.Combine(_folder, $"{name}.log");
            return File.Exists(path) ? File.ReadAllLines(path) : [];
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        _standbyClient?.Dispose();
        foreach (var process in _workers.Values.Append(_host).Append(_standby).OfType<Process>())
            await KillAsync(process);
        foreach (var proxy in _proxies.Values)
            await proxy.DisposeAsync();
        await Azurite.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<(Process Host, HttpClient Client)> StartHostAsync(string name)
    {
        var urlFile = Path.Combine(_folder, $"{name}.url");
        File.Delete(urlFile);
        var host = Start("LocalHost", name, new()
        {
            ["LocalHost__Port"] = "0",
            ["LocalHost__UrlFile"] = urlFile,
            ["LocalHost__FunctionKey"] = Key,
            ["LocalHost__ExitWhenInputCloses"] = "true",
            ["TASKHUB_NAME"] = "tests",
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.1",
            ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval"] = "00:00:00.1",
        }, AppFolder ?? Path.GetDirectoryName(Built("Orchestrations"))!);
        var started = Stopwatch.StartNew();
        while (!File.Exists(urlFile))
        {
            if (host.HasExited || started.Elapsed > StartLimit)
            {
                if (!host.HasExited)
                    host.Kill(entireProcessTree: true);
                throw new InvalidOperationException($"Expected the {name} to listen within {StartLimit.TotalSeconds:0} s; it said: {Log(name)}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50));
        }

        var client = new HttpClient { BaseAddress = new Uri((await File.ReadAllTextAsync(urlFile)).Trim()) };
        client.DefaultRequestHeaders.Add("x-functions-key", Key);
        return (host, client);
    }

    private static async Task KillAsync(Process process)
    {
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>The output folder of a project, by its folder in the checkout.</summary>
    public static string OutputOf(string project)
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(Repository(), project, "bin", output.Parent!.Name, output.Name);
    }

    /// <summary>What a project was built to, in the same configuration as the tests: bin/{configuration}/net10.0.</summary>
    public static string Built(string project) => Path.Combine(OutputOf(project), $"{project}.dll");

    private Process Start(string project, string name, Dictionary<string, string> settings, params string[] arguments)
    {
        var built = Built(project);
        var start = new ProcessStartInfo("dotnet", [built, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetDirectoryName(built),
        };
        var storage = _proxies.TryGetValue(name, out var proxy) ? proxy.ConnectionString : Azurite.ConnectionString;
        start.Environment["AzureWebJobsStorage"] = storage;
        start.Environment["DataStorage"] = storage;
        foreach (var (setting, value) in settings.Concat(Settings))
            start.Environment[setting] = value;
        var process = Process.Start(start)!;
        void Write(string? line)
        {
            if (line is null)
                return;
            lock (_folder)
            {
                if (Directory.Exists(_folder))
                    File.AppendAllText(Path.Combine(_folder, $"{name}.log"), line + "\n");
            }
        }

        process.OutputDataReceived += (_, line) => Write(line.Data);
        process.ErrorDataReceived += (_, line) => Write(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    /// <summary>The checkout's root.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Cloud.sln")))
                return folder.FullName;
        }

        throw new InvalidOperationException($"Expected Cloud.sln in a folder above {AppContext.BaseDirectory}.");
    }
}
