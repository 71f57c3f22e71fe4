using System.ComponentModel;
using System.Diagnostics;

namespace LocalHost.Launch;

/// <summary>A process that this one starts: its output goes to a log, and its input is held open until it is to end.</summary>
/// <remarks>A child that watches its input ends with this process, however that ends: the operating system closes the pipe.</remarks>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int TailLines = 15;
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StreamWriter _log;
    private readonly Queue<string> _tail = [];

    private ChildProcess(string name, Process process, StreamWriter log, string logPath)
    {
        (Name, _process, _log, LogPath) = (name, process, log, logPath);
        Ended = EndAsync();
    }

    public string Name { get; }

    public string LogPath { get; }

    public int ProcessId => _process.Id;

    /// <summary>The exit code, once the process has ended and all that it wrote is in the log.</summary>
    public Task<int> Ended { get; }

    /// <summary>Starts <paramref name="program"/> and appends what it writes to <c>{logFolder}/{name}.log</c>.</summary>
    /// <exception cref="InvalidOperationException">There is no such program.</exception>
    public static ChildProcess Start(
        string name, string program, IEnumerable<string> arguments, string logFolder, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        Directory.CreateDirectory(logFolder);
        var logPath = Path.Combine(logFolder, $"{name}.log");
        var log = new StreamWriter(logPath, append: true) { AutoFlush = true };
        try
        {
            var process = Process.Start(start) ?? throw new InvalidOperationException($"{name} did not start: no process.");
            return new(name, process, log, logPath);
        }
        catch (Win32Exception fault)
        {
            log.Dispose();
            throw new InvalidOperationException($"{name} did not start: {program} cannot be run ({fault.Message}).");
        }
    }

    /// <summary>The last lines that it wrote.</summary>
    public IReadOnlyList<string> Tail()
    {
        lock (_tail)
            return [.. _tail];
    }

    /// <summary>Ends it at once, and what it started.</summary>
    public void Kill() => _process.Kill(entireProcessTree: true);

    /// <summary>Closes its input, on which it should end; kills it after twenty seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        if (await Task.WhenAny(Ended, Task.Delay(StopLimit)) != Ended)
            Kill();
        await Ended;
        _process.Dispose();
        await _log.DisposeAsync();
    }

    private async Task<int> EndAsync()
    {
        await Task.WhenAll(CopyAsync(_process.StandardOutput), CopyAsync(_process.StandardError));
        await _process.WaitForExitAsync();
        return _process.ExitCode;
    }

    private async Task CopyAsync(StreamReader output)
    {
        while (await output.ReadLineAsync() is { } line)
        {
            lock (_tail)
            {
                _log.WriteLine(line);
                _tail.Enqueue(line);
                if (_tail.Count > TailLines)
                    _tail.Dequeue();
            }
        }
    }
}
