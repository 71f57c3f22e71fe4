using System.Globalization;
using LocalHost.Azurite;

namespace LocalHost.Launch;

/// <summary>The storage, the Functions app and the workers of a checkout, each a process of its own.</summary>
/// <param name="held">Knows the processes, should this one be killed.</param>
/// <param name="root">The checkout.</param>
/// <param name="data">Where storage, logs and the host's address are kept.</param>
/// <param name="configuration">Which build is started: <c>Debug</c> or <c>Release</c>.</param>
internal sealed class LaunchedProcesses(CheckoutLock held, string root, string data, string configuration) : IAsyncDisposable
{
    private static readonly TimeSpan HostLimit = TimeSpan.FromSeconds(60);
    private static readonly string Dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    private readonly List<ChildProcess> _workers = [];
    private readonly HashSet<string> _restarted = [];
    private readonly string _logs = Path.Combine(data, "logs");
    private AzuriteProcess? _azurite;
    private ChildProcess? _host;

    public string HostStorage { get; private set; } = "";

    public string DataStorage { get; private set; } = "";

    public Uri Url { get; private set; } = new("http://127.0.0.1/");

    public string Key { get; private set; } = "";

    /// <summary>Azurite over <c>.local/azurite</c>, or the account that <c>AzureWebJobsStorage</c> names.</summary>
    public async Task StartStorageAsync(CancellationToken cancellationToken)
    {
        if (Directory.Exists(_logs))
            Directory.Delete(_logs, recursive: true);
        if (Environment.GetEnvironmentVariable("AzureWebJobsStorage") is { Length: > 0 } given)
        {
            HostStorage = given;
        }
        else
        {
            _azurite = await AzuriteProcess.StartAsync(Path.Combine(data, "azurite"), checkout: root, cancellationToken: cancellationToken);
            held.Note("Azurite", _azurite.ProcessId);
            HostStorage = _azurite.ConnectionString;
        }

        DataStorage = Environment.GetEnvironmentVariable("DataStorage") is { Length: > 0 } own ? own : HostStorage;
        // For commands of another process that read or write models and data sets.
        await LauncherFile.WriteAsync(Path.Combine(data, "storage.connection"), DataStorage, cancellationToken);
        // For a worker that a debugger starts (docs/DEBUGGING.md).
        await LauncherFile.WriteAsync(Path.Combine(data, "worker.env"), $"DataStorage={DataStorage}\nWorker__Name=debugged\nCompute__Threads=1\n", cancellationToken);
    }

    public Task BuildAsync(string project, CancellationToken cancellationToken) => BuildAsync(root, _logs, project, configuration, cancellationToken);

    /// <summary>Builds a project of a checkout where its sources are newer than what was built.</summary>
    /// <exception cref="InvalidOperationException">It does not build; the message has the end of what was said.</exception>
    public static async Task BuildAsync(string root, string logs, string project, string configuration, CancellationToken cancellationToken)
    {
        string[] arguments = ["build", Path.Combine(root, project, $"{project}.csproj"), "-c", configuration, "-v", "quiet", "--nologo"];
        await using var build = ChildProcess.Start($"build-{project}", Dotnet, arguments, logs);
        await using var stop = cancellationToken.Register(build.Kill);
        if (await build.Ended.WaitAsync(cancellationToken) is not 0 and var code)
            throw Died(build, code);
    }

    public async Task StartAsync(int workers, CancellationToken cancellationToken)
    {
        for (var number = 1; number <= workers; number++)
            _workers.Add(StartWorker(FormattableString.Invariant($"worker-{number}")));

        var (urlFile, keyFile) = (Path.Combine(data, "host.url"), Path.Combine(data, "host.key"));
        File.Delete(urlFile);
        _host = Start("host", "LocalHost", new()
        {
            ["AzureWebJobsStorage"] = HostStorage,
            ["TASKHUB_NAME"] = "curriculum",
            ["LocalHost__Port"] = "0",
            ["LocalHost__UrlFile"] = urlFile,
            ["LocalHost__KeyFile"] = keyFile,
            ["LocalHost__ProcessFile"] = Path.Combine(data, "app.pid"),
            ["LocalHost__ExitWhenInputCloses"] = "true",
            ["AzureFunctionsJobHost__extensions__queues__maxPollingInterval"] = "00:00:00.1",
            ["AzureFunctionsJobHost__extensions__durableTask__storageProvider__maxQueuePollingInterval"] = "00:00:00.1",
        }, Path.GetDirectoryName(Built("Orchestrations"))!);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(HostLimit);
        while (!File.Exists(urlFile))
        {
            Check();
            if (limit.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
                throw new InvalidOperationException($"Expected the host to listen within {HostLimit.TotalSeconds:0} s; see {_host.LogPath}.");
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
        }

        Url = new(await File.ReadAllTextAsync(urlFile, cancellationToken));
        Key = await File.ReadAllTextAsync(keyFile, cancellationToken);
    }

    /// <summary>What runs, by name, with its process.</summary>
    public IReadOnlyList<(string Name, int ProcessId)> Running()
    {
        List<(string, int)> running = [.. _workers.Select(worker => (worker.Name, worker.ProcessId))];
        if (Path.Combine(data, "app.pid") is var app && File.Exists(app))
            running.Insert(0, ("app", int.Parse(File.ReadAllText(app), CultureInfo.InvariantCulture)));
        if (_host is not null)
            running.Insert(0, ("host", _host.ProcessId));
        if (_azurite is not null)
            running.Insert(0, ("storage", _azurite.ProcessId));
        return running;
    }

    /// <summary>Looks after the processes: a dead worker is started once more, any other death ends the run's stay here.</summary>
    /// <returns>What the reader should know.</returns>
    public IReadOnlyList<string> Check()
    {
        if (_azurite is { HasEnded: true })
            throw new InvalidOperationException("Azurite ended unexpectedly; the same command continues the run from what it had stored.");
        if (_host is { Ended.IsCompletedSuccessfully: true } host)
            throw Died(host, host.Ended.Result);

        var notices = new List<string>();
        for (var index = 0; index < _workers.Count; index++)
        {
            var worker = _workers[index];
            if (!worker.Ended.IsCompletedSuccessfully)
                continue;
            // A worker that refuses its settings would refuse them again.
            if (worker.Ended.Result == 2 || !_restarted.Add(worker.Name))
                throw Died(worker, worker.Ended.Result);
            notices.Add($"{worker.Name} ended unexpectedly (exit code {worker.Ended.Result}) and is started once more; see {worker.LogPath}.");
            _workers[index] = StartWorker(worker.Name);
        }

        return notices;
    }

    /// <summary>Ends the workers and the host, which give back what they hold, and then the storage.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll([.. _workers.Select(worker => worker.DisposeAsync().AsTask()), _host?.DisposeAsync().AsTask() ?? Task.CompletedTask]);
        if (_azurite is not null)
            await _azurite.DisposeAsync();
        foreach (var file in (string[])["host.url", "host.key", "app.pid", "storage.connection", "worker.env"])
            File.Delete(Path.Combine(data, file));
    }

    private ChildProcess StartWorker(string name) => Start(name, "GpuWorker", new()
    {
        ["Worker__Name"] = name,
        ["Worker__ExitWhenInputCloses"] = "true",
        ["Worker__MaxPollMilliseconds"] = "100",
        ["Compute__Threads"] = "1",
        ["OMP_NUM_THREADS"] = "1",
        ["MKL_NUM_THREADS"] = "1",
    });

    private string Built(string project)
    {
        var built = Path.Combine(root, project, "bin", configuration, "net10.0", $"{project}.dll");
        return File.Exists(built) ? built : throw new InvalidOperationException($"Expected {built}: build it first, or leave --as-built out.");
    }

    private ChildProcess Start(string name, string project, Dictionary<string, string> environment, params string[] arguments)
    {
        environment["DataStorage"] = DataStorage;
        var process = ChildProcess.Start(name, Dotnet, [Built(project), .. arguments], _logs, environment);
        held.Note(name, process.ProcessId);
        return process;
    }

    private static InvalidOperationException Died(ChildProcess process, int code) =>
        new($"{process.Name} ended unexpectedly with exit code {code}; {process.LogPath} ends with:\n{string.Join('\n', process.Tail().Distinct().Select(line => $"  {line}"))}");
}
