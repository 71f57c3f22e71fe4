using System.Diagnostics;
using Curriculum.Problems;
using GpuWorker.Items;
using GpuWorker.Verifiers;
using GpuWorker.Worker;
using Microsoft.Extensions.Configuration;

namespace GpuWorker.Tests.Verifiers;

/// <summary>Real children: shell scripts that behave as verifiers may, and as they must not.</summary>
[Trait("Speed", "fast")]
public sealed class VerifierPluginsTests
{
    private static readonly Problem Asked = new() { Id = "p", Family = Gsm8k.FamilyName, Question = "2+2?", Answer = "4", Verifier = "check" };

    [Fact]
    public void A_verdict_comes_from_what_is_read_on_standard_input()
    {
        var script = "read -r line; case \"$line\" in *'\"completion\":\"4 it is\"'*) echo '{\"correct\": true, \"stepsValid\": true}';; *) echo '{\"correct\": false, \"wellFormed\": true}';; esac";
        Assert.Equal(new(true, true, true), Judge(script, "4 it is"));
        Assert.Equal(new(true, false, false), Judge(script, "5"));
    }

    [Theory]
    [InlineData("sleep 30", "timed-out")]
    [InlineData("while :; do :; done", "out-of-cpu")]
    [InlineData("exit 3", "crashed")]
    [InlineData("kill -9 $$", "crashed")]
    [InlineData("echo hello", "bad-output")]
    [InlineData("echo '{\"correct\": 1}'", "bad-output")]
    [InlineData("echo '{\"right\": true}'", "bad-output")]
    [InlineData("", "bad-output")]
    [InlineData("head -c 1000000 /dev/zero", "bad-output")]
    [InlineData("echo '{\"correct\": true}'; exit 1", "crashed")]
    public void What_is_no_verdict_is_labelled_and_earns_nothing(string script, string label) =>
        Assert.Equal(new(false, false, false, label), Judge(script, "4", script.StartsWith("while", StringComparison.Ordinal) ? 20 : 1.5));

    [Fact]
    public void The_child_has_no_environment_but_what_a_shell_sets_itself_and_a_folder_of_its_own()
    {
        Environment.SetEnvironmentVariable("IDENTITY_ENDPOINT", "http://169.254.169.254");
        var found = RunShell("/usr/bin/env | /bin/grep -v -e '^PWD=' -e '^OLDPWD=' -e '^SHLVL=' -e '^_=' >&2; pwd >&2; exit 7");
        Assert.DoesNotContain("IDENTITY", found.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("=", found.Detail.Replace("Exit code 7. ", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("verifier-", found.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_beyond_the_limit_is_refused_to_the_child()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Limits are those of Linux.");
        // A buffer of 100 MiB, filled.
        var script = "/bin/dd if=/dev/zero of=/dev/null bs=104857600 count=1 || exit 9; echo '{\"correct\": true}'";
        Assert.Equal(VerifierOutcome.Verdict, RunShell(script, memory: 512).Outcome);
        var refused = RunShell(script, memory: 64);
        Assert.Equal(VerifierOutcome.Crashed, refused.Outcome);
        Assert.Contains("Exit code 9. ", refused.Detail, StringComparison.Ordinal);
        Assert.Contains("memory", refused.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void More_processes_than_the_limit_are_refused_to_the_child_where_they_can_be_counted()
    {
        Assert.SkipUnless(VerifierSandbox.Here.LimitsProcesses, $"Not here, or not as this user: {VerifierSandbox.Here.Applied}.");
        const string script = "for i in 1 2 3 4 5 6 7 8 9 10 11 12; do /bin/sleep 3 >/dev/null 2>&1 & done; echo '{\"correct\": true}'";
        Assert.Equal(VerifierOutcome.Verdict, RunShell(script, processes: 20).Outcome);
        Assert.NotEqual(VerifierOutcome.Verdict, RunShell(script, processes: 8).Outcome);
    }

    [Fact]
    public void A_verifier_that_takes_its_time_is_progress_all_the_while()
    {
        var marks = new List<TimeSpan>();
        var watch = Stopwatch.StartNew();
        var judge = new VerifierPlugins(new Dictionary<string, VerifierOptions> { ["check"] = Shell("sleep 2; echo '{\"correct\": true}'") })
            .Verifying(_ => marks.Add(watch.Elapsed));
        Assert.True(judge(Asked, "4").Correct);
        Assert.Throws<OperationCanceledException>(() => new VerifierPlugins(new Dictionary<string, VerifierOptions> { ["check"] = Shell("sleep 30") })
            .Verifying(_ => throw new OperationCanceledException())(Asked, "4"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), "Whoever is told of the waiting can end it.");
        var gaps = marks.Zip(marks.Skip(1), (before, after) => after - before).Append(marks[0]).Max();
        Assert.True(gaps < TimeSpan.FromSeconds(1.5), $"No mark for {gaps}.");
    }

    [Fact]
    public void Required_isolation_that_the_machine_does_not_give_is_a_fault_at_the_start()
    {
        var required = Shell("exit 0") with { RequireIsolation = true };
        var fault = Assert.Single(required.Faults("lean", VerifierIsolation.None));
        Assert.Contains("Worker:Verifiers:lean:RequireIsolation is set", fault, StringComparison.Ordinal);
        Assert.Empty(required.Faults("lean", VerifierIsolation.Network));
        Assert.Empty((required with { RequireIsolation = false }).Faults("lean", VerifierIsolation.None));
        Read(new() { ["Worker:Verifiers:lean:Executable"] = "/bin/sh", ["Worker:Verifiers:lean:RequireIsolation"] = "true" }, out var faults);
        Assert.Equal(VerifierSandbox.Here.Isolation == VerifierIsolation.None, faults.Any(found => found.Contains("RequireIsolation", StringComparison.Ordinal)));
    }

    [Fact]
    public void Nothing_that_the_child_started_outlives_the_call()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Process groups are those of Linux.");
        var mark = $"43{Environment.ProcessId}";
        Assert.Equal("timed-out", Judge($"(sleep {mark} &) ; (sleep {mark} & sleep {mark}) ; sleep 30", "4", 1).Label);
        var deadline = Stopwatch.StartNew();
        while (Sleeping(mark) && deadline.Elapsed < TimeSpan.FromSeconds(20))
            Thread.Sleep(50);
        Assert.False(Sleeping(mark));
    }

    [Fact]
    public void There_is_no_network_where_the_platform_allows_to_take_it()
    {
        Assert.SkipWhen(VerifierSandbox.Here.Isolation == VerifierIsolation.None, $"Not here: {VerifierSandbox.Here.Applied}.");
        // Only the loopback interface, and nothing else, in the child's list of interfaces.
        Assert.DoesNotContain("eth", RunShell("/bin/cat /proc/self/net/dev >&2; exit 7").Detail, StringComparison.Ordinal);
        if (VerifierSandbox.Here.Isolation == VerifierIsolation.NetworkAndProcesses)
            Assert.Contains("hidden", RunShell($"if [ -e /proc/{Environment.ProcessId}/environ ]; then echo visible >&2; else echo hidden >&2; fi; exit 7").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_registered_is_refused()
    {
        var judge = new VerifierPlugins(new Dictionary<string, VerifierOptions> { ["other"] = Shell("exit 0") }).Verifying(_ => { });
        var refused = Assert.Throws<WorkFailedException>(() => judge(Asked, "4"));
        Assert.Contains("(other), found 'check'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("cannot be started", Assert.Throws<WorkFailedException>(() => VerifierPlugins(new() { Executable = "/nowhere/at/all" })(Asked, "4")).Message, StringComparison.Ordinal);
        Assert.True(VerifierPlugins(Shell("exit 0"))(Asked with { Verifier = null }, "#### 4").Correct);
    }

    [Fact]
    public void Registrations_are_judged_at_the_start()
    {
        var settings = Read(new()
        {
            ["Worker:Verifiers:check:Executable"] = "/bin/sh",
            ["Worker:Verifiers:check:Arguments:0"] = "-c",
            ["Worker:Verifiers:check:WallSeconds"] = "3",
        }, out var none);
        Assert.DoesNotContain(none, fault => fault.Contains("Verifiers", StringComparison.Ordinal));
        var check = settings.Worker.Verifiers["check"];
        Assert.Equal(("/bin/sh", "-c", 3.0, 10, 1024), (check.Executable, check.Arguments[0], check.WallSeconds, check.CpuSeconds, check.MemoryMegabytes));
        Read(new()
        {
            ["Worker:Verifiers:No Name:Executable"] = "sh",
            ["Worker:Verifiers:No Name:WallSeconds"] = "0",
            ["Worker:Verifiers:No Name:MemoryMegabytes"] = "1",
        }, out var faults);
        foreach (var part in (string[])["lower-case letters", "absolute path", "WallSeconds", "MemoryMegabytes"])
            Assert.Contains(faults, fault => fault.Contains(part, StringComparison.Ordinal));
        Read(new() { ["Worker:Verifiers:check:Executable"] = "/bin/sh", ["Worker:Verifiers:check:Shell"] = "x" }, out var unknown);
        Assert.Contains(unknown, fault => fault.Contains("Shell", StringComparison.Ordinal));
    }

    private static Settings Read(Dictionary<string, string?> values, out IReadOnlyList<string> faults) =>
        Settings.Read(new ConfigurationBuilder().AddInMemoryCollection(values).Build(), out faults);

    private static Verification Judge(string script, string completion, double wall = 20) => VerifierPlugins(Shell(script, wall))(Asked, completion);

    private static Func<Problem, string, Verification> VerifierPlugins(VerifierOptions options) =>
        new VerifierPlugins(new Dictionary<string, VerifierOptions> { ["check"] = options }).Verifying(_ => { });

    private static VerifierResult RunShell(string script, int memory = 512, int processes = 64) =>
        VerifierProcess.Run(Shell(script, memory: memory) with { Processes = processes, CpuSeconds = 10 }, "q", "a", "c", () => { });

    private static VerifierOptions Shell(string script, double wall = 20, int memory = 512) =>
        new() { Executable = "/bin/sh", Arguments = ["-c", script], WallSeconds = wall, CpuSeconds = 1, MemoryMegabytes = memory };

    private static bool Sleeping(string mark) => Directory.EnumerateDirectories("/proc").Any(folder =>
    {
        try
        {
            return int.TryParse(Path.GetFileName(folder), out _) && File.ReadAllText(Path.Combine(folder, "cmdline")).Contains($"sleep\0{mark}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    });
}
