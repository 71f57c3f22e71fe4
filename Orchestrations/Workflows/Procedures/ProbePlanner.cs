using Curriculum.Evaluation.Probes;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Makes the work items that probe one policy: the same problems, draws and texts for every policy of a run.</summary>
internal sealed class ProbePlanner(FrozenRun frozen, WorkResults results)
{
    /// <summary>Completions, many samples and, where there is a policy that RLVR starts from, its groups; null where the plan has no probes.</summary>
    public async Task<(IReadOnlyList<WorkItem> Items, ProbeItems Ids)?> PlanAsync(
        WorkOwner owner, StateRef policy, StateRef? enabled, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(owner.Run, cancellationToken);
        if (plan.Evaluation.Probes is not { } probes)
            return null;

        var problems = await ProblemsAsync(owner.Run, plan, cancellationToken);
        var completions = new ContinueItem
        {
            Id = Id(owner, 0),
            Policy = policy,
            Prompts = [.. problems.Select(Prompt)],
            Samples = probes.Samples,
            Asked = true,
            MaxNewTokens = plan.Evaluation.MaxNewTokens,
            DrawKey = "probe/completions",
        };
        EvaluateItem Counts(int chunk, StateRef state, IReadOnlyList<Problem> asked, int samples, string key) => new()
        {
            Id = Id(owner, chunk),
            Policy = state,
            Problems = asked,
            Samples = samples,
            MaxNewTokens = plan.Evaluation.MaxNewTokens,
            DrawKey = key,
        };
        var many = probes.PassAtK == 0 ? null : Counts(2, policy, problems, probes.PassAtK, "probe/many");
        var trained = probes.EnablingProblems == 0 || enabled is null || !plan.Arms.Any(Sequential) ? null : await frozen.PoolAsync(owner.Run, FrozenRun.TrainingPool, cancellationToken);
        var groups = trained is null ? null : Counts(3, enabled!, [.. trained.Take(probes.EnablingProblems)], probes.EnablingGroupSize, "probe/groups");
        return (
            [.. ((WorkItem?[])[completions, many, groups]).OfType<WorkItem>()],
            new(completions.Id, null, many?.Id, groups?.Id));
    }

    /// <summary>The fixed texts and the base's samples, to be scored by a policy; null where the plan has no probes, there is no text, or the base could not be sampled.</summary>
    public async Task<ScoreItem?> ScoresAsync(WorkOwner owner, StateRef policy, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(owner.Run, cancellationToken);
        if (plan.Evaluation.Probes is null)
            return null;

        var sampled = await results.ReadAsync(Id(WorkOwner.OfRun(owner.Run, WorkScope.Audit), 0), cancellationToken);
        if (sampled.Output is not ContinueOutput completions)
            return null;
        var texts = ProbeTexts.Of(await ProblemsAsync(owner.Run, plan, cancellationToken), completions.Continuations);
        return texts.Count == 0 ? null : new() { Id = Id(owner, 1), Policy = policy, Texts = texts };
    }

    /// <summary>The fixed set: the first problems of the first benchmark.</summary>
    public async Task<IReadOnlyList<Problem>> ProblemsAsync(RunId run, RunPlan plan, CancellationToken cancellationToken) => plan.Evaluation.Probes is not { } probes
        ? []
        : [.. (await frozen.PoolAsync(run, FrozenRun.BenchmarkPool(plan.Evaluation.Benchmarks[0].Name), cancellationToken)).Take(probes.Problems)];

    private static ContinuePrompt Prompt(Problem problem)
    {
        var family = ProblemFamilies.Get(problem.Family);
        return new(problem.Id, family.Prompt(problem), family.Stop(step: false));
    }

    /// <summary>Whether RLVR comes after another stage in an arm: only then is there a before and an after.</summary>
    private static bool Sequential(ArmPlan arm) => arm.Stages.Skip(1).Any(stage => stage is RlvrPlan);

    private static WorkItemId Id(WorkOwner owner, int chunk) => WorkItemId.Of(owner, WorkKind.Probe, chunk);
}
