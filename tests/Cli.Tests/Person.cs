using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using Testing;

namespace Cli.Tests;

/// <summary>The command line in a process of its own, as a person or a script starts it: in a terminal, or with its output redirected.</summary>
internal sealed partial class Person : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(8);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly StringBuilder _faults = new();
    private readonly Task _reading;

    private Person(Process process)
    {
        _process = process;
        _reading = Task.WhenAll(ReadAsync(process.StandardOutput, _output), ReadAsync(process.StandardError, _faults));
    }

    /// <summary>What it wrote so far; in a terminal with the sequences that steer it.</summary>
    public string Output => Text(_output);

    public string Faults => Text(_faults);

    /// <summary>What a person reads of it.</summary>
    public string Words => Steering().Replace(Output, "").Replace("\r", "", StringComparison.Ordinal);

    /// <summary>The configuration of the tests, which the commands are to start.</summary>
    public static string Configuration => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>Whether this machine has the program that gives a command a terminal.</summary>
    public static bool HasTerminal => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, "script")));

    /// <summary>Starts it in a terminal of 160 columns.</summary>
    public static Person InTerminal(string data, params string[] args)
    {
        var words = string.Join(' ', Command(args).Select(word => $"'{word}'"));
        return new(Start("script", ["-qfec", $"stty cols 160 rows 50; exec dotnet {words}", "/dev/null"], data, []));
    }

    /// <summary>Starts it with its output redirected.</summary>
    public static Person Redirected(string data, params string[] args) => new(Start("dotnet", Command(args), data, []));

    /// <summary>Does one command to its end, with its output redirected.</summary>
    public static async Task<Told> DoAsync(string data, params string[] args) => await DoAsync(data, [], args);

    /// <param name="data">The folder of local data.</param>
    /// <param name="environment">Variables of the process.</param>
    /// <param name="args">The words.</param>
    public static Task<Told> DoAsync(string data, (string Name, string Value)[] environment, params string[] args) =>
        DoAsync(Start("dotnet", Command(args), data, environment));

    /// <summary>Does one line of a shell, in a folder.</summary>
    public static Task<Told> ShellAsync(string folder, string data, string line) => DoAsync(Start("bash", ["-c", line], data, [], folder));

    /// <summary>Starts a command in a folder.</summary>
    public static Person In(string folder, string data, params string[] args) => new(Start("dotnet", Command(args), data, [], folder));

    private static async Task<Told> DoAsync(Process process)
    {
        await using var person = new Person(process);
        person._process.StandardInput.Close();
        var code = await person.EndAsync();
        return new(code, person.Output, person.Faults);
    }

    /// <summary>Waits until it has written something that matches.</summary>
    public async Task ReadsAsync(string pattern)
    {
        var started = Stopwatch.StartNew();
        while (!Regex.IsMatch(Words + Faults, pattern))
        {
            if (started.Elapsed > Limit || _process.HasExited && _reading.IsCompleted && !Regex.IsMatch(Words + Faults, pattern))
                throw new TimeoutException($"Expected to read '{pattern}'; there is: {Words}{Faults}");
            await Task.Delay(20);
        }
    }

    /// <summary>Types; Ctrl-C is the character U+0003, which the terminal makes a signal of.</summary>
    public async Task TypeAsync(string text)
    {
        await _process.StandardInput.WriteAsync(text);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>Sends the signal that Ctrl-C is, to the process alone.</summary>
    public async Task InterruptAsync()
    {
        using var kill = Process.Start("kill", ["-INT", FormattableString.Invariant($"{_process.Id}")]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        try
        {
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"Expected an end within {Limit.TotalMinutes:0} min; there is: {Words}{Faults}");
        }

        await _reading;
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static string[] Command(string[] args) => [LocalSystem.Built("Cli"), .. args];

    private static Process Start(string program, string[] arguments, string data, (string Name, string Value)[] environment, string? folder = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder ?? LocalSystem.Repository(),
        };
        start.Environment["CURRICULUM_DATA"] = data;
        start.Environment["TERM"] = "xterm-256color";
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    private static async Task ReadAsync(StreamReader reader, StringBuilder into)
    {
        var buffer = new char[4096];
        while (await reader.ReadAsync(buffer) is > 0 and var read)
        {
            lock (into)
                into.Append(buffer, 0, read);
        }
    }

    private static string Text(StringBuilder builder)
    {
        lock (builder)
            return builder.ToString();
    }

    [GeneratedRegex(@"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07]*\x07")]
    private static partial Regex Steering();
}
