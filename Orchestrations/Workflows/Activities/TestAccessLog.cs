using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Puts together who read which benchmark when, from the frozen pools and the stored results.</summary>
internal sealed class TestAccessLog(JsonBlobs blobs, WorkResults results)
{
    internal async Task<IReadOnlyList<TestAccess>> ReadAsync(
        RunId run, RunPlan plan, AuditedBase audited, IReadOnlyList<ArmEvaluation> evaluations, CancellationToken cancellationToken)
    {
        var log = new List<TestAccess>();
        foreach (var benchmark in plan.Evaluation.Benchmarks)
        {
            var pool = await blobs.Blob(StorageNames.RunsContainer, FrozenRun.PoolName(run, FrozenRun.BenchmarkPool(benchmark.Name))).GetPropertiesAsync(cancellationToken: cancellationToken);
            log.Add(new() { Benchmark = benchmark.Name, Purpose = "freeze", Reader = "orchestrations", At = pool.Value.CreatedOn });
        }

        // What a failed evaluation read it read: of its items those that a worker answered, if only by an error.
        async Task AddAsync(string benchmark, string purpose, string? arm, int? seed, WorkItemId? item)
        {
            if (item is null)
                return;
            if ((await results.ReadAsync(item, cancellationToken)).Timing is { Worker: not WorkResults.Nobody } timing)
                log.Add(new() { Benchmark = benchmark, Purpose = purpose, Reader = timing.Worker, At = timing.StartedAt, Arm = arm, Seed = seed, Item = item.ToString() });
        }

        async Task AddProbesAsync(ProbeItems? probe, string arm, int seed)
        {
            var probed = plan.Evaluation.Benchmarks[0].Name;
            foreach (var item in (WorkItemId?[])[probe?.Completions, probe?.Scores, probe?.Many])
                await AddAsync(probed, "probe", arm, seed, item);
        }

        foreach (var audit in audited.Audits)
        {
            foreach (var item in audit.Items)
                await AddAsync(audit.Benchmark, "audit", WorkScope.Audit.ToString(), 0, item);
        }

        await AddProbesAsync(audited.Probe, WorkScope.Audit.ToString(), 0);
        foreach (var evaluation in evaluations)
        {
            foreach (var benchmark in evaluation.Benchmarks)
            {
                foreach (var item in benchmark.Items)
                    await AddAsync(benchmark.Benchmark, "evaluate", evaluation.Arm.Arm, evaluation.Arm.Seed, item);
            }

            await AddProbesAsync(evaluation.Probe, evaluation.Arm.Arm, evaluation.Arm.Seed);
        }

        return [.. log.OrderBy(access => access.At)];
    }
}
