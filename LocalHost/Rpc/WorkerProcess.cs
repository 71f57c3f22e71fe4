using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;

namespace LocalHost.Rpc;

/// <summary>The app's own process, started as its <c>worker.config.json</c> says; it ends when this one does.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private const int MaxMessageBytes = int.MaxValue;
    private readonly Process _process;

    private WorkerProcess(Process process) => _process = process;

    public int ProcessId => _process.Id;

    public int ExitCode => _process.ExitCode;

    public Task Ended => _process.WaitForExitAsync();

    /// <param name="appFolder">The built app.</param>
    /// <param name="rpc">Where this host's service listens.</param>
    /// <param name="worker">The id that the process's stream begins with.</param>
    /// <param name="settings">Settings that are environment variables to the process, unless it has them already.</param>
    /// <exception cref="HostException">The folder is no isolated app's.</exception>
    public static WorkerProcess Start(string appFolder, Uri rpc, string worker, IReadOnlyDictionary<string, string> settings, ILogger console)
    {
        var path = Path.Combine(appFolder, "worker.config.json");
        if (!File.Exists(path))
            throw new HostException($"Expected {path}; it does not exist. Is {appFolder} the output of an isolated Functions app?");
        var description = JsonNode.Parse(File.ReadAllText(path))!["description"]!;
        var (executable, dll) = ((string)description["defaultExecutablePath"]!, (string)description["defaultWorkerPath"]!);
        var request = Guid.NewGuid().ToString();
        var most = MaxMessageBytes.ToString(CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "--host", rpc.Host, "--port", rpc.Port.ToString(CultureInfo.InvariantCulture),
            "--workerId", worker, "--requestId", request, "--grpcMaxMessageLength", most,
            "--functions-uri", rpc.ToString(), "--functions-worker-id", worker, "--functions-request-id", request, "--functions-grpc-max-message-length", most,
        ];
        var isDotnet = Path.GetFileNameWithoutExtension(executable) == "dotnet";
        var start = isDotnet
            ? new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? executable, [Path.Combine(appFolder, dll), .. arguments])
            : new ProcessStartInfo(Path.Combine(appFolder, executable), arguments);
        start.WorkingDirectory = appFolder;
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        foreach (var (name, value) in settings)
            start.Environment.TryAdd(name, value);
        start.Environment["FUNCTIONS_APPLICATION_DIRECTORY"] = appFolder;
        start.Environment["FUNCTIONS_WORKER_DIRECTORY"] = appFolder;
        start.Environment["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated";
        // Runs in the process before the app: see StartupHook.
        start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        var process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Say(line.Data, LogLevel.Information);
        process.ErrorDataReceived += (_, line) => Say(line.Data, LogLevel.Error);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);

        void Say(string? line, LogLevel level)
        {
            if (!string.IsNullOrEmpty(line))
                WorkerLog.Line(console, level, line);
        }
    }

    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
    }

    public void Dispose() => _process.Dispose();
}
