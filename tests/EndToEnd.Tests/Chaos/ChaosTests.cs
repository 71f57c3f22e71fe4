using System.Globalization;

namespace EndToEnd.Tests.Chaos;

/// <summary>Faults in the middle of small runs change no bit of what they end in.</summary>
[Trait("Speed", "slow")]
public class ChaosTests(ITestOutputHelper output)
{
    private const int ContinuousShare = 20;

    [Fact]
    public async Task Twenty_faults_change_no_bit_of_any_run()
    {
        // Another day, another share: the shares of consecutive days follow one another through the catalog.
        var seed = Number("CHAOS_SEED") ?? (int)(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 86_400);
        var workers = Workers()[seed % Workers().Length];
        var report = await ChaosRuns.RunAsync(
            workers, seed, FaultCatalog.Share(seed, ContinuousShare), output.WriteLine, TestContext.Current.CancellationToken);
        Assert.Equal(ContinuousShare, report.Faults.Count);
        output.WriteLine(Line(report));
    }

    [Fact]
    public void The_shares_of_consecutive_seeds_pass_every_process_at_every_step()
    {
        var shares = (FaultCatalog.All.Count + ContinuousShare - 1) / ContinuousShare;
        var passed = Enumerable.Range(20_000, shares).SelectMany(seed => FaultCatalog.Share(seed, ContinuousShare)).ToHashSet();
        Assert.Equal(FaultCatalog.All.Count, passed.Count);
        Assert.All(ProtocolStep.All, step => Assert.Contains(passed, fault => fault.Name.EndsWith($"it {step.Name}", StringComparison.Ordinal)));
    }

    /// <summary>By hand: <c>CHAOS_FAULTS=240</c>, split over 1, 2 and 4 workers; the counts go to docs/RELIABILITY.md.</summary>
    [Fact]
    public async Task As_many_faults_as_are_asked_for_change_no_bit_of_any_run()
    {
        var faults = Number("CHAOS_FAULTS");
        Assert.SkipWhen(faults is null, "A long run by hand: set CHAOS_FAULTS to the number of faults.");
        var seed = Number("CHAOS_SEED") ?? 1;
        var log = Environment.GetEnvironmentVariable("CHAOS_LOG");
        void Tell(string line)
        {
            output.WriteLine(line);
            if (log is not null)
                File.AppendAllText(log, line + "\n");
        }

        var (reports, failures) = (new List<ChaosReport>(), new List<Exception>());
        foreach (var workers in Workers())
        {
            try
            {
                reports.Add(await ChaosRuns.RunAsync(
                    workers, seed + workers, FaultCatalog.Share(seed + workers, faults!.Value / Workers().Length), Tell, TestContext.Current.CancellationToken));
            }
            catch (Exception failure)
            {
                // The other numbers of workers are tried all the same.
                failures.Add(failure);
                Tell($"{workers} workers: {failure.Message}");
            }
        }

        foreach (var report in reports)
            Tell(Line(report));
        foreach (var kind in reports.SelectMany(report => report.Faults).Select(fault => (fault.Kind, fault.Process)).Distinct().Order())
        {
            var counts = reports.Select(report => report.Faults.Count(fault => (fault.Kind, fault.Process) == kind));
            Tell(string.Create(CultureInfo.InvariantCulture, $"| {kind.Kind} | {kind.Process} | {string.Join(" | ", counts)} |"));
        }

        Assert.Empty(failures);
        // The number of workers changes no bit either.
        Assert.Single(reports.Select(report => report.End).Distinct());
    }

    private static string Line(ChaosReport report) => string.Create(
        CultureInfo.InvariantCulture,
        $"{report.Workers} workers: {report.Faults.Count} faults over {report.Runs} runs in {report.Elapsed.TotalSeconds:0} s, every run alike");

    /// <summary><c>CHAOS_WORKERS=1,2,4</c> unless told otherwise.</summary>
    private static int[] Workers() =>
        [.. (Environment.GetEnvironmentVariable("CHAOS_WORKERS") ?? "1,2,4").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];

    private static int? Number(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var number) ? number : null;
}
