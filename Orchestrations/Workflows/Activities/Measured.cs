using Curriculum.Evaluation.Audits;
using Curriculum.Evaluation.Probes;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Workflows.Activities;

/// <summary>Reads what the audit and the probes found.</summary>
internal sealed class Measured(FrozenRun frozen, ProbePlanner probes, WorkResults results)
{
    /// <summary>What was measured of the base before any training; what could not be measured is named.</summary>
    public async Task<BaseMeasures> OfBaseAsync(RunId run, AuditedBase audited, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(run, cancellationToken);
        var fingerprints = new SortedSet<string>(StringComparer.Ordinal);
        var audits = new List<BenchmarkAudit>();
        var failures = new List<string>();
        foreach (var benchmark in audited.Audits)
        {
            var problems = (await frozen.PoolAsync(run, FrozenRun.BenchmarkPool(benchmark.Benchmark), cancellationToken)).Take(plan.Evaluation.Audit!.Problems).ToList();
            var continued = new List<Continuation>();
            var read = true;
            foreach (var item in benchmark.Items)
            {
                var output = await ReadAsync<ContinueOutput>(item, fingerprints, failures, cancellationToken);
                continued.AddRange(output?.Continuations ?? []);
                read &= output is not null;
            }

            if (!read)
                continue;
            audits.Add(BenchmarkAudit.Of(
                benchmark.Benchmark, problems, continued.ToDictionary(continuation => continuation.Key, StringComparer.Ordinal), plan.Evaluation.Audit, plan.Evaluation.Confidence));
        }

        var (probe, failure) = await OfPolicyAsync(audited.Probe, fingerprints, cancellationToken);
        return new()
        {
            Audits = audits,
            Problems = await probes.ProblemsAsync(run, plan, cancellationToken),
            Probe = probe,
            Failures = failure is null ? failures : [.. failures, failure],
            Fingerprints = [.. fingerprints],
        };
    }

    /// <summary>What the probes found of one policy; without it and a reason where any of them failed, without both where it was not probed.</summary>
    public async Task<(PolicyProbe? Probe, string? Failure)> OfPolicyAsync(ProbeItems? items, SortedSet<string> fingerprints, CancellationToken cancellationToken)
    {
        if (items?.Completions is null)
            return default;

        var failures = new List<string>();
        var completions = await ReadAsync<ContinueOutput>(items.Completions, fingerprints, failures, cancellationToken);
        var scores = items.Scores is null ? null : await ReadAsync<ScoreOutput>(items.Scores, fingerprints, failures, cancellationToken);
        var many = items.Many is null ? null : await ReadAsync<EvaluateOutput>(items.Many, fingerprints, failures, cancellationToken);
        var groups = items.Groups is null ? null : await ReadAsync<EvaluateOutput>(items.Groups, fingerprints, failures, cancellationToken);
        return failures.Count > 0
            ? (null, string.Join(" ", failures))
            : (new() { Completions = completions!.Continuations, Scores = scores?.Texts ?? [], Many = many?.Answers ?? [], Groups = groups?.Answers ?? [] }, null);
    }

    private async Task<T?> ReadAsync<T>(WorkItemId item, SortedSet<string> fingerprints, List<string> failures, CancellationToken cancellationToken)
        where T : WorkOutput
    {
        var result = await results.ReadAsync(item, cancellationToken);
        fingerprints.Add(result.Fingerprint);
        if (result.Output is not T output)
        {
            failures.Add($"{item.DrawKey} ({result.Failure?.Kind}): {result.Failure?.Message}");
            return null;
        }

        return output;
    }
}
