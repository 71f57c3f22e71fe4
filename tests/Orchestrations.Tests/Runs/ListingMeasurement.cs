using System.Diagnostics;
using System.Globalization;
using Testing;

namespace Orchestrations.Tests.Runs;

/// <summary>How long the pages over all runs take with 240 of them on the real host; a measurement, run when it is asked for: <c>-explicit only -class "*ListingMeasurement"</c>.</summary>
[Trait("Speed", "slow")]
public sealed class ListingMeasurement
{
    private const int Runs = 240;

    [Fact(Explicit = true)]
    public async Task The_list_with_and_without_arms_and_a_run_are_timed_beside_240_runs()
    {
        await using var system = await LocalSystem.StartAsync(workers: 0);
        var plan = await File.ReadAllTextAsync(Path.Combine(LocalSystem.Repository(), "samples", "quick.json"), TestContext.Current.CancellationToken);
        plan = plan.Replace("\"model\": \"two-dials\"", "\"pretrain\": {}", StringComparison.Ordinal);
        var began = Stopwatch.StartNew();
        for (var run = 0; run < Runs; run++)
            await system.SubmitAsync(plan, string.Create(CultureInfo.InvariantCulture, $"many-{run}"));
        Write($"{Runs} submissions: {began.Elapsed.TotalSeconds:0.0} s");
        foreach (var path in (string[])["api/runs", "api/runs?arms=true", "api/runs/many-7", "api/runs", "api/runs?arms=true", "api/runs/many-7"])
        {
            began.Restart();
            using var answer = await system.Client.GetAsync(path, TestContext.Current.CancellationToken);
            Write($"{path}: {(int)answer.StatusCode} in {began.Elapsed.TotalMilliseconds:0} ms, {(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken)).Length} bytes");
        }
    }

    private static void Write(FormattableString line) => TestContext.Current.TestOutputHelper!.WriteLine(FormattableString.Invariant(line));
}
