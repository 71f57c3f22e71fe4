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
        var whole = await frozen.PlanAsync(run, cancellationToken);
        var (plan, chat) = (whole.Evaluation, whole.Base.Chat is not null);
        var items = new List<WorkItem>();
        var audits = new List<BenchmarkItems>();
        foreach (var benchmark in plan.Audit is null ? [] : plan.Benchmarks)
        {
            var problems = await frozen.PoolAsync(run, FrozenRun.BenchmarkPool(benchmark.Name), cancellationToken);
            ContinueItem Item(IEnumerable<ContinuePrompt> prompts, bool asked) => new()
            {
                Id = new WorkItemId(run, AuditInput.Arm, 0, 0, 0, 0, 0, items.Count, WorkKind.Audit).ToString(),
                Policy = start,
                Prompts = [.. prompts],
                Samples = plan.Audit!.Samples,
                Asked = asked,
                MaxNewTokens = plan.MaxNewTokens,
                DrawKey = $"audit/{benchmark.Name}",
            };
            CutQuestion[] cuts = [.. problems.Take(plan.Audit!.Problems).SelectMany(problem => plan.Audit.Cuts.Select(cut => new CutQuestion(problem, cut)))];
            var first = items.Count;
            if (chat)
            {
                // Whether the chat template is set around a prompt is its item's to say.
                items.Add(Item(cuts.Select(cut => cut.Prompt(template: false)), asked: false));
                items.Add(Item(cuts.Select(cut => cut.Prompt(template: true, chat)), asked: true));
            }
            else
            {
                items.Add(Item(cuts.SelectMany(cut => (ContinuePrompt[])[cut.Prompt(template: false), cut.Prompt(template: true)]), asked: false));
            }

            audits.Add(new(benchmark.Name, [.. items.Skip(first).Select(item => item.Id)]));
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
