using System.Diagnostics;
using System.Globalization;

namespace EndToEnd.Tests.Chaos;

/// <summary>Small runs one after another under faults one after another; each must end as the undisturbed one did.</summary>
internal static class ChaosRuns
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(12);

    /// <summary>A few seconds of work that passes every step: SRL with checkpoints, then SFT out of the same budget; SFT alone, colocated, beside it.</summary>
    public const string Plan = """
        {
          "name": "chaos",
          "base": { "model": "two-dials" },
          "training": { "family": "two-dials", "count": 16, "seed": 3001, "difficulty": [8], "demonstrations": 8 },
          "budget": { "unit": "updates", "amount": 4 },
          "seeds": [1],
          "arms": [
            { "name": "base" },
            { "name": "srl-sft", "stages": [
              { "method": "srl", "share": 0.5, "problemsPerIteration": 2, "groupSize": 4, "maxNewTokens": 12, "checkpointEvery": 2 },
              { "method": "sft", "share": 0.5, "problemsPerIteration": 4, "checkpointEvery": 2 }] },
            { "name": "sft", "stages": [{ "method": "sft", "problemsPerIteration": 4, "updatesPerItem": 0, "checkpointEvery": 2 }] }
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 4, "seed": 3002, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 8, "seed": 3003, "difficulty": [8] }],
            "curriculum": "srl-sft",
            "samples": 1,
            "bootstrapDraws": 200
          },
          "limits": { "stalledSeconds": 8, "lostMessageSeconds": 6, "redispatches": 50 }
        }
        """;

    /// <summary>Does every fault to runs on so many workers; returns what was done, one line each.</summary>
    public static async Task<ChaosReport> RunAsync(int workers, int seed, IReadOnlyList<Fault> faults, Action<string> tell, CancellationToken token)
    {
        await using var chaos = await ChaosSystem.StartAsync(workers);
        var unmet = chaos.Watch(ProtocolStep.All);
        var calm = await EndAsync(chaos, await chaos.Local.SubmitAsync(Plan, "calm"), token);
        Assert.True(unmet.IsEmpty, $"No request of an undisturbed run is one of these steps: {string.Join("; ", unmet.Keys.Select(step => $"{step.Process} {step.Name}"))}");
        tell($"{workers} workers, seed {seed}: undisturbed run ended, {calm.Split('\n').Length} blobs to compare");
        var random = new Random(seed);
        var left = new Queue<Fault>(faults);
        var (done, runs) = (new List<Fault>(), 0);
        var clock = Stopwatch.StartNew();
        for (var idle = 0; left.Count > 0;)
        {
            var before = done.Count;
            var key = string.Create(CultureInfo.InvariantCulture, $"chaos-{runs++}");
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(token);
            var disturbing = DisturbAsync(chaos, left, done, random, line => tell($"{clock.Elapsed.TotalSeconds,6:0.0} s  {key}  {line}"), ended.Token);
            var run = await SubmitAsync(chaos, key, token);
            var end = await EndAsync(chaos, run, token);
            await ended.CancelAsync();
            await disturbing;
            await chaos.ReviveAllAsync();
            idle = done.Count > before ? 0 : idle + 1;
            Assert.True(idle < 3, $"Three whole runs had no moment for the fault '{(left.Count > 0 ? left.Peek().Name : "")}'.");
            Assert.True(end == calm, $"Run {run} under [{string.Join("; ", done.Skip(before).Select(fault => fault.Name))}] ended otherwise:\n{end}\nundisturbed:\n{calm}");
        }

        return new(workers, seed, runs, done, calm, clock.Elapsed);
    }

    private static async Task DisturbAsync(
        ChaosSystem chaos, Queue<Fault> left, List<Fault> done, Random random, Action<string> tell, CancellationToken token)
    {
        while (left.TryPeek(out var fault) && !token.IsCancellationRequested)
        {
            try
            {
                await fault.DoAsync(chaos, random, token);
                left.Dequeue();
                done.Add(fault);
                tell(fault.Name);
                await Task.Delay(random.Next(50, 500), token);
            }
            catch (OperationCanceledException) when (token.IsCancellationRequested)
            {
                // The run ended before the fault's moment came: it is first in the next run.
            }
        }
    }

    /// <summary>Submits as a client does that tries again: one key is one run.</summary>
    private static async Task<string> SubmitAsync(ChaosSystem chaos, string key, CancellationToken token)
    {
        while (true)
        {
            try
            {
                return await chaos.Local.SubmitAsync(Plan, key);
            }
            catch (Exception fault) when (fault is HttpRequestException or InvalidOperationException or OperationCanceledException or ObjectDisposedException)
            {
                await chaos.ReviveAllAsync();
                await Task.Delay(100, token);
            }
        }
    }

    private static async Task<string> EndAsync(ChaosSystem chaos, string run, CancellationToken token)
    {
        var clock = Stopwatch.StartNew();
        var status = "";
        while (clock.Elapsed < RunLimit)
        {
            try
            {
                var said = await chaos.Local.StatusAsync(run);
                status = said.ToJsonString();
                switch ((string)said["state"]!)
                {
                    case "completed":
                        return await chaos.EndStateAsync(run, token);
                    case "failed" or "canceled":
                        Assert.Fail($"Run {run} did not complete: {status}");
                        break;
                }
            }
            catch (Exception fault) when (fault is HttpRequestException or OperationCanceledException or ObjectDisposedException or System.Text.Json.JsonException or InvalidOperationException)
            {
                token.ThrowIfCancellationRequested();
                await chaos.ReviveAllAsync();
            }

            await Task.Delay(100, token);
        }

        throw new TimeoutException($"Expected run {run} to end within {RunLimit.TotalMinutes} minutes; it is {status}\nhost: {chaos.Local.Log("host")}\nworker: {chaos.Local.Log("worker-1")}");
    }
}

/// <summary>What was done, and what every run ended in.</summary>
internal sealed record ChaosReport(int Workers, int Seed, int Runs, IReadOnlyList<Fault> Faults, string End, TimeSpan Elapsed);
