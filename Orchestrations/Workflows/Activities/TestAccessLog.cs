using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Watching;

namespace Orchestrations.Workflows.Activities;

/// <summary>Puts together who read which benchmark when, from the frozen pools and the stored results.</summary>
public sealed class TestAccessLog(JsonBlobs blobs, WorkDispatch dispatch)
{
    internal async Task<IReadOnlyList<TestAccess>> ReadAsync(
        string run, RunPlan plan, AuditedBase audited, IReadOnlyList<ArmEvaluationResult> evaluations, CancellationToken cancellationToken)
    {
        var log = new List<TestAccess>();
        foreach (var benchmark in plan.Evaluation.Benchmarks)
        {
            var pool = await blobs.Blob(StorageNames.RunsContainer, FrozenRun.PoolName(run, FrozenRun.BenchmarkPool(benchmark.Name))).GetPropertiesAsync(cancellationToken: cancellationToken);
            log.Add(new() { Benchmark = benchmark.Name, Purpose = "freeze", Reader = "orchestrations", At = pool.Value.CreatedOn });
        }

        // What a failed evaluation read it read: of its items those that a worker answered, if only by an error.
        async Task AddAsync(string benchmark, string purpose, string? arm, int? seed, string? item)
        {
            if (item is null)
                return;
            if ((await dispatch.ReadResultAsync(item, cancellationToken)).Timing is { Worker: not ItemLook.Nobody } timing)
                log.Add(new() { Benchmark = benchmark, Purpose = purpose, Reader = timing.Worker, At = timing.StartedAt, Arm = arm, Seed = seed, Item = item });
        }

        async Task AddProbesAsync(ProbeItems? probe, string arm, int seed)
        {
            var probed = plan.Evaluation.Benchmarks[0].Name;
            foreach (var item in (string?[])[probe?.Completions, probe?.Scores, probe?.Many])
                await AddAsync(probed, "probe", arm, seed, item);
        }

        foreach (var audit in audited.Audits)
        {
            foreach (var item in audit.Items)
                await AddAsync(audit.Benchmark, "audit", AuditInput.Arm, 0, item);
        }

        await AddProbesAsync(audited.Probe, AuditInput.Arm, 0);
        foreach (var evaluation in evaluations)
        {
            foreach (var benchmark in evaluation.Benchmarks)
            {
                foreach (var item in benchmark.Items)
                    await AddAsync(benchmark.Benchmark, "evaluate", evaluation.Arm, evaluation.Seed, item);
            }

            await AddProbesAsync(evaluation.Probe, evaluation.Arm, evaluation.Seed);
        }

        return [.. log.OrderBy(access => access.At)];
    }
}
