using Curriculum.Evaluation.Audits;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Measures the base before any training: what it recites, and what the probes are held against later.</summary>
internal sealed class AuditProcedure(
    JsonBlobs blobs, FrozenRun frozen, BaseModels models, ProbePlanner probes, WorkResults results, WorkDispatch dispatch)
    : MeasureProcedure(results, dispatch)
{
    protected override async Task<IReadOnlyList<WorkItem>?> PlanAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        var policy = await models.ReadAsync(owner.Run, cancellationToken);
        return step switch
        {
            0 => [.. (await AuditsAsync(owner, policy, cancellationToken)).SelectMany(audit => audit.Items), .. (await probes.PlanAsync(owner, policy, policy, cancellationToken))?.Items ?? []],
            // The base's own samples are among the texts that are scored, so they come first.
            1 => await probes.ScoresAsync(owner, policy, cancellationToken) is { } scores ? [scores] : [],
            _ => null,
        };
    }

    protected override async Task RecordAsync(WorkOwner owner, CancellationToken cancellationToken)
    {
        var policy = await models.ReadAsync(owner.Run, cancellationToken);
        var audits = await AuditsAsync(owner, policy, cancellationToken);
        var scores = await probes.ScoresAsync(owner, policy, cancellationToken);
        var probe = (await probes.PlanAsync(owner, policy, policy, cancellationToken))?.Ids;
        await blobs.FreezeAsync(
            StorageNames.RunsContainer,
            AuditedBase.Blob(owner.Run),
            new AuditedBase([.. audits.Select(audit => new BenchmarkItems(audit.Benchmark, [.. audit.Items.Select(item => item.Id)]))], probe is null ? null : probe with { Scores = scores?.Id }),
            StorageJson.Default.AuditedBase,
            cancellationToken);
    }

    private async Task<IReadOnlyList<(string Benchmark, IReadOnlyList<ContinueItem> Items)>> AuditsAsync(WorkOwner owner, StateRef policy, CancellationToken cancellationToken)
    {
        var whole = await frozen.PlanAsync(owner.Run, cancellationToken);
        var (plan, chat) = (whole.Evaluation, whole.Base.Chat is not null);
        var audits = new List<(string, IReadOnlyList<ContinueItem>)>();
        var chunk = 0;
        foreach (var benchmark in plan.Audit is null ? [] : plan.Benchmarks)
        {
            var problems = await frozen.PoolAsync(owner.Run, FrozenRun.BenchmarkPool(benchmark.Name), cancellationToken);
            ContinueItem Item(IEnumerable<ContinuePrompt> prompts, bool asked) => new()
            {
                Id = WorkItemId.Of(owner, WorkKind.Audit, chunk++),
                Policy = policy,
                Prompts = [.. prompts],
                Samples = plan.Audit!.Samples,
                Asked = asked,
                MaxNewTokens = plan.MaxNewTokens,
                DrawKey = $"audit/{benchmark.Name}",
            };
            CutQuestion[] cuts = [.. problems.Take(plan.Audit!.Problems).SelectMany(problem => plan.Audit.Cuts.Select(cut => new CutQuestion(problem, cut)))];
            // Whether the chat template is set around a prompt is its item's to say.
            audits.Add((benchmark.Name, chat
                ? [Item(cuts.Select(cut => cut.Prompt(template: false)), asked: false), Item(cuts.Select(cut => cut.Prompt(template: true, chat)), asked: true)]
                : [Item(cuts.SelectMany(cut => (ContinuePrompt[])[cut.Prompt(template: false), cut.Prompt(template: true)]), asked: false)]));
        }

        return audits;
    }
}
