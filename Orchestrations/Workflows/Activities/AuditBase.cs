using Curriculum.Evaluation.Audits;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Sends the audit of every benchmark, and the base's own probes.</summary>
public sealed class AuditBase(FrozenRun frozen, ProbePlanner probes, WorkDispatch dispatch)
{
    [Function(nameof(AuditBase))]
    public async Task<PlannedAudit> Run([ActivityTrigger] AuditBaseInput input, CancellationToken cancellationToken)
    {
        var (run, start) = (input.Audit.Run, input.Audit.Base);
        var plan = (await frozen.PlanAsync(run, cancellationToken)).Evaluation;
        var items = new List<WorkItem>();
        var audits = new List<BenchmarkItems>();
        foreach (var benchmark in plan.Audit is null ? [] : plan.Benchmarks)
        {
            var problems = await frozen.PoolAsync(run, FrozenRun.BenchmarkPool(benchmark.Name), cancellationToken);
            var item = new ContinueItem
            {
                Id = new WorkItemId(run, AuditInput.Arm, 0, 0, 0, 0, 0, items.Count, WorkKind.Audit).ToString(),
                Policy = start,
                Prompts = [.. problems.Take(plan.Audit!.Problems).SelectMany(problem => plan.Audit.Cuts.SelectMany(cut =>
                    (ContinuePrompt[])[new CutQuestion(problem, cut).Prompt(template: false), new CutQuestion(problem, cut).Prompt(template: true)]))],
                Samples = plan.Audit.Samples,
                Asked = false,
                MaxNewTokens = plan.MaxNewTokens,
                DrawKey = $"audit/{benchmark.Name}",
            };
            items.Add(item);
            audits.Add(new(benchmark.Name, [item.Id]));
        }

        var probe = await probes.PlanAsync(run, AuditInput.Arm, 0, 0, start, start, cancellationToken);
        return new(
            audits,
            probe?.Ids,
            await dispatch.SendAsync([.. items, .. probe?.Items ?? []], input.Instance, cancellationToken));
    }
}

/// <summary>Input of <see cref="AuditBase"/>.</summary>
public sealed record AuditBaseInput(AuditInput Audit, string Instance);

/// <summary>An audit that was sent.</summary>
public sealed record PlannedAudit(IReadOnlyList<BenchmarkItems> Audits, ProbeItems? Probe, IReadOnlyList<string> Waiting);
