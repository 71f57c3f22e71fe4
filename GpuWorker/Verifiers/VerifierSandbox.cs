using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GpuWorker.Verifiers;

/// <summary>The isolation that this machine allows for a child process: found once, by trying.</summary>
internal sealed class VerifierSandbox
{
    private const string Unshare = "/usr/bin/unshare";
    private const string SetSid = "/usr/bin/setsid";
    private const string Shell = "/bin/sh";

    private static readonly string[] NetworkAndProcesses = ["--user", "--map-root-user", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
    private static readonly string[] Network = ["--user", "--map-root-user", "--net"];

    // Of its own: the program that makes the namespace, and the shell.
    private const int OwnProcesses = 2;

    // dash and busybox have another letter for it than bash.
    private const string LimitProcesses = "{ ulimit -u \"$1\" 2>/dev/null || ulimit -p \"$1\"; }";

    private readonly bool _limits;
    private readonly bool _group;

    private VerifierSandbox()
    {
        _limits = OperatingSystem.IsLinux() && File.Exists(Shell);
        _group = _limits && File.Exists(SetSid);
        Isolation = !_limits || !File.Exists(Unshare) ? VerifierIsolation.None
            : Works(NetworkAndProcesses) ? VerifierIsolation.NetworkAndProcesses
            : Works(Network) ? VerifierIsolation.Network
            : VerifierIsolation.None;
        // A kernel that counts all of the worker's user's would let nothing start in so few, and one does not count for root.
        LimitsProcesses = Isolation != VerifierIsolation.None && Forks(limit: 8) && !Forks(limit: 1);
    }

    public static VerifierSandbox Here { get; } = new();

    public VerifierIsolation Isolation { get; }

    /// <summary>Whether the processes of a verifier can be counted and limited by themselves.</summary>
    public bool LimitsProcesses { get; }

    /// <summary>For the startup line and for whoever asks what protects a worker.</summary>
    public string Applied => string.Join(", ", (string[])
    [
        "empty environment", "own folder", "wall-clock limit",
        _limits ? "CPU, memory, file-size and open-file limits per process" : "no CPU or memory limit on this platform",
        LimitsProcesses ? "process limit" : "no process limit",
        Isolation == VerifierIsolation.None ? "network and the worker's processes stay visible (unshare is not permitted)"
            : Isolation == VerifierIsolation.Network ? "no network; the worker's processes stay visible" : "no network, own process namespace",
    ]);

    public ProcessStartInfo Start(VerifierOptions options, string folder)
    {
        List<string> command = [options.Executable, .. options.Arguments];
        if (_limits)
        {
            // The soft limit of processor time is a signal that can be told from a kill, but not by the first process of a namespace: so the shell stays.
            command =
            [
                Shell, "-c", "ulimit -c 0; ulimit -H -t $(($1 + 1)); ulimit -S -t \"$1\"; ulimit -v \"$2\"; ulimit -f 65536; ulimit -n 64; shift 2; "
                    + (LimitsProcesses ? $"{LimitProcesses}; " : "") + "shift; \"$@\"; exit $?",
                "sh",
                FormattableString.Invariant($"{options.CpuSeconds}"), FormattableString.Invariant($"{options.MemoryMegabytes * 1024L}"),
                FormattableString.Invariant($"{options.Processes + OwnProcesses}"), .. command,
            ];
        }

        command = [.. Isolating, .. command];
        if (_group)
            command = [SetSid, .. command];
        var start = new ProcessStartInfo(command[0], command.Skip(1))
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment.Clear();
        return start;
    }

    /// <summary>Ends the child and everything that it started.</summary>
    public void Kill(Process child)
    {
        try
        {
            child.Kill(entireProcessTree: true);
        }
        catch (Exception gone) when (gone is InvalidOperationException or Win32Exception or AggregateException)
        {
        }

        // Those that it left behind, orphaned, are still of its group.
        if (_group)
            _ = KillGroup(-child.Id, 9);
    }

    private string[] Isolating => Isolation switch
    {
        VerifierIsolation.NetworkAndProcesses => [Unshare, .. NetworkAndProcesses, "--"],
        VerifierIsolation.Network => [Unshare, .. Network, "--"],
        _ => [],
    };

    private static bool Works(string[] flags) => Succeeds([Unshare, .. flags, "--", Shell, "-c", "exit 0"]);

    // unshare's fork fails at once, where a shell's may be tried again for a while.
    private bool Forks(int limit) => Succeeds(
        [.. Isolating, Shell, "-c", $"{LimitProcesses} && exec {Unshare} --fork {Shell} -c 'exit 0'", "sh", FormattableString.Invariant($"{limit}")]);

    private static bool Succeeds(string[] command)
    {
        try
        {
            using var tried = Process.Start(new ProcessStartInfo(command[0], command.Skip(1))
            {
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            })!;
            if (tried.WaitForExit(TimeSpan.FromSeconds(10)))
                return tried.ExitCode == 0;
            tried.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int KillGroup(int process, int signal);
}

/// <summary>What a verifier is isolated from.</summary>
internal enum VerifierIsolation
{
    None,
    Network,
    NetworkAndProcesses,
}
