using Testing;

namespace EndToEnd.Tests.Chaos;

/// <summary>Every fault that the suite knows: each process killed before and after each of its protocol steps, and what else befalls them.</summary>
internal static class FaultCatalog
{
    public static IReadOnlyList<Fault> All { get; } =
    [
        .. ProtocolStep.All.Select(step => KillAt(step, before: true)),
        .. ProtocolStep.All.Select(step => KillAt(step, before: false)),
        .. ProtocolStep.All.Select(LoseAnswerAt),
        .. Each(["host", "worker"], process => Answer(process, 503, "throttled", 4)),
        .. Each(["host", "worker"], process => Answer(process, 429, "throttled", 3)),
        .. Each(["host", "worker"], process => Answer(process, 500, "server errors", 6)),
        .. Each(["host", "worker"], process => Reset(process, 5)),
        .. Each(["host", "worker"], process => Slow(process)),
        .. Each(["host", "worker"], process => Hang(process)),
        Freeze("host", 6),
        // Longer than the plan lets a worker stall: the item is sent again.
        Freeze("worker", 12),
        new("worker asked to stop (SIGTERM)", "stop", "worker", (system, random, token) => system.StopWorkerAsync(system.AnyWorker(random), token)),
        new("every message of the work queue sent twice", "duplicate", "azurite", (system, _, token) => system.DuplicateAsync("work", token)),
        new("every message of the results queue sent twice", "duplicate", "azurite", (system, _, token) => system.DuplicateAsync("results", token)),
        new("Azurite restarted", "storage restart", "azurite", (system, _, token) => system.RestartAzuriteAsync(token)),
        new("Azurite killed once its index is saved", "storage kill", "azurite", (system, _, _) => system.KillAzuriteAsync()),
    ];

    /// <summary>So many faults for a seed: the catalog is shuffled once, and seeds that follow one another take the shares that follow one another.</summary>
    public static IReadOnlyList<Fault> Share(int seed, int count)
    {
        var shuffled = All.ToArray();
        new Random(17).Shuffle(shuffled);
        return [.. Enumerable.Range(0, count).Select(n => shuffled[(int)(((long)seed * count + n) % shuffled.Length)])];
    }

    private static IEnumerable<Fault> Each(string[] processes, Func<string, Fault> make) => processes.Select(make);

    private static Fault KillAt(ProtocolStep step, bool before) => new(
        $"{step.Process} killed {(before ? "before" : "after")} it {step.Name}",
        "kill",
        step.Process,
        async (system, _, token) =>
        {
            var killed = await system.DoneToFirstAsync(
                step.Process,
                victim =>
                {
                    var kill = () => system.KillAsync(victim);
                    return before ? new ProxyFault(step.Meets) { Before = kill, Resets = true } : new ProxyFault(step.Meets) { After = kill, LosesAnswer = true };
                },
                token);
            await system.ReviveAsync(killed);
        });

    private static Fault LoseAnswerAt(ProtocolStep step) => new(
        $"{step.Process} hears no answer when it {step.Name}",
        "lost answer",
        step.Process,
        (system, _, token) => system.DoneToFirstAsync(step.Process, _ => new ProxyFault(step.Meets) { LosesAnswer = true }, token));

    private static Fault Answer(string process, int status, string kind, int times) => new(
        $"{process}: {times} requests answered with {status}", kind, process,
        (system, random, token) => system.DoneToRequestAsync(system.Any(process, random), new ProxyFault((_, _) => true) { Status = status, Times = times }, token));

    private static Fault Reset(string process, int times) => new(
        $"{process}: {times} connections reset", "connection resets", process,
        (system, random, token) => system.DoneToRequestAsync(system.Any(process, random), new ProxyFault((_, _) => true) { Resets = true, Times = times }, token));

    private static Fault Slow(string process) => new(
        $"{process}: 4 requests slow by half a second", "slow responses", process,
        (system, random, token) => system.DoneToRequestAsync(
            system.Any(process, random), new ProxyFault((_, _) => true) { Delay = TimeSpan.FromSeconds(0.5), Times = 4 }, token));

    private static Fault Hang(string process) => new(
        $"{process}: a request without an answer until its client's time-out", "timeouts", process,
        (system, random, token) => system.DoneToRequestAsync(
            system.Any(process, random), new ProxyFault((_, _) => true) { Delay = Timeout.InfiniteTimeSpan }, token));

    private static Fault Freeze(string process, int seconds) => new(
        $"{process} stopped for {seconds} seconds (SIGSTOP)", "freeze", process,
        (system, random, token) => system.FreezeAsync(system.Any(process, random), TimeSpan.FromSeconds(seconds), token));
}
