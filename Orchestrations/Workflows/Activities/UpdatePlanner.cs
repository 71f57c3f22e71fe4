using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Stores the batches of an update and makes its work item.</summary>
public sealed class UpdatePlanner(JsonBlobs blobs, FrozenRun frozen, StagePool pool)
{
    /// <summary>The update on admitted groups.</summary>
    public Task<UpdateItem> FromGroupsAsync(
        StageKey stage, StagePlan plan, StageProgress progress, long allowed, IReadOnlyList<TrajectoryGroup> admitted, CancellationToken cancellationToken) => plan switch
        {
            ExpertIterationPlan expert => FromSuccessesAsync(stage, expert, progress, allowed, admitted, cancellationToken),
            ReturnConditionedPlan conditioned => FromLabelsAsync(stage, conditioned, progress, allowed, admitted, cancellationToken),
            PolicyGradientPlan gradient => FromAdvantagesAsync(stage, gradient, progress, allowed, admitted, cancellationToken),
            _ => throw new ArgumentException($"Expected a method that trains on groups, found {plan.Method}.", nameof(plan)),
        };

    private async Task<UpdateItem> FromAdvantagesAsync(
        StageKey stage, PolicyGradientPlan plan, StageProgress progress, long allowed, IReadOnlyList<TrajectoryGroup> admitted, CancellationToken cancellationToken)
    {
        var batch = await StoreAsync(stage, progress.Iteration, BatchBuilder.OfGroups(admitted, plan.Advantage, plan.Admission.LoneSuccess), cancellationToken);
        return await ItemAsync(stage, plan, progress, allowed, LossKind.PolicyGradient, [batch], cancellationToken);
    }

    private async Task<UpdateItem> FromSuccessesAsync(
        StageKey stage, ExpertIterationPlan plan, StageProgress progress, long allowed, IReadOnlyList<TrajectoryGroup> admitted, CancellationToken cancellationToken)
    {
        var n = progress.Iteration;
        string Name(int iteration) => StorageNames.Successes(stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, iteration);
        var gathered = n == 0 ? progress.Successes : Name(n - 1);
        var before = gathered is null ? null : await blobs.ReadAsync(StorageNames.RunsContainer, gathered, CurriculumJson.Default.UpdateBatch, cancellationToken);
        var successes = ExpertData.Add(before, admitted, plan);
        await blobs.FreezeAsync(StorageNames.RunsContainer, Name(n), successes, CurriculumJson.Default.UpdateBatch, cancellationToken);

        var batches = new List<BlobRef>();
        foreach (var batch in ExpertData.Batches(successes, plan.Expert, FormattableString.Invariant($"{Pools.SeedKey(stage)}/expert/{n}")))
            batches.Add(await StoreAsync(stage, n, batch, cancellationToken));
        var item = await ItemAsync(stage, plan, progress, allowed, LossKind.Likelihood, batches, cancellationToken);
        return plan.Expert.Start == ExpertStart.Restart ? item with { State = progress.Start ?? progress.State, FreshOptimizer = true } : item;
    }

    private async Task<UpdateItem> FromLabelsAsync(
        StageKey stage, ReturnConditionedPlan plan, StageProgress progress, long allowed, IReadOnlyList<TrajectoryGroup> admitted, CancellationToken cancellationToken)
    {
        var problems = (await pool.AllAsync(stage, plan, cancellationToken)).ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var labelled = LabelledData.Of(
            admitted, id => problems[id], plan, FormattableString.Invariant($"{Pools.SeedKey(stage)}/failures/{progress.Iteration}"),
            await IsChatAsync(stage, cancellationToken));
        var batch = await StoreAsync(stage, progress.Iteration, labelled, cancellationToken);
        var item = await ItemAsync(stage, plan, progress, allowed, LossKind.Likelihood, [batch], cancellationToken);
        return item with { PromptPrefix = LabelledData.Good };
    }

    /// <summary>The update on expert solutions: as many batches as one item takes.</summary>
    public async Task<UpdateItem> FromDemonstrationsAsync(
        StageKey stage, StagePlan plan, StageProgress progress, long allowed, CancellationToken cancellationToken)
    {
        var batches = new List<BlobRef>(plan.BatchesPerItem);
        var chat = await IsChatAsync(stage, cancellationToken);
        for (var n = 0; n < plan.BatchesPerItem; n++)
        {
            // Iterations of one stage count batches, so that batches per item change no draw.
            var batch = progress.Iteration * plan.BatchesPerItem + n;
            var demonstrations = await pool.DrawAsync(stage, plan, progress.Profile, batch, round: 0, cancellationToken);
            batches.Add(await StoreAsync(stage, batch, BatchBuilder.OfDemonstrations(demonstrations, plan.Completion, chat), cancellationToken));
        }

        return await ItemAsync(stage, plan, progress, allowed, LossKind.Likelihood, batches, cancellationToken);
    }

    private async Task<BlobRef> StoreAsync(StageKey stage, int iteration, UpdateBatch batch, CancellationToken cancellationToken)
    {
        var hash = CurriculumJson.Hash(System.Text.Json.JsonSerializer.SerializeToUtf8Bytes(batch, CurriculumJson.Default.UpdateBatch));
        return await blobs.FreezeAsync(
            StorageNames.RunsContainer,
            StorageNames.Batch(stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, iteration, hash),
            batch,
            CurriculumJson.Default.UpdateBatch,
            cancellationToken);
    }

    private async Task<UpdateItem> ItemAsync(
        StageKey stage, StagePlan plan, StageProgress progress, long allowed, LossKind loss, List<BlobRef> batches, CancellationToken cancellationToken)
    {
        var unit = (await frozen.PlanAsync(stage.Run, cancellationToken)).Budget.Unit;
        var done = Math.Min(1, progress.SpentInAll(unit) / (double)allowed);
        var factor = Math.Min(1, plan.Optimizer.Floor + 1.08 * (1 - done));
        var updates = progress.Updates + batches.Count;
        var id = new WorkItemId(
            stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, progress.Iteration, 0, 0, WorkKind.Update);
        return new()
        {
            Id = id.ToString(),
            State = progress.State,
            OutputFolder = StorageNames.State(stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, updates),
            Steps = [.. batches.Select(batch => new UpdateStep(batch, factor))],
            LossKind = loss,
            Loss = (plan as PolicyGradientPlan)?.Loss ?? new(),
            Temperature = (plan as PolicyGradientPlan)?.Temperature ?? 1,
            Optimizer = plan.Optimizer,
            Memory = plan.Memory,
            Adapter = (await frozen.PlanAsync(stage.Run, cancellationToken)).Arms.Single(arm => arm.Name == stage.Arm).Adapter,
            MaxNewTokens = plan.MaxNewTokens,
            FreshOptimizer = progress is { Updates: 0, KeepsOptimizer: false },
            Characters = Markers.Of(plan, await FamilyAsync(stage, cancellationToken)),
        };
    }

    private async Task<bool> IsChatAsync(StageKey stage, CancellationToken cancellationToken) =>
        (await frozen.PlanAsync(stage.Run, cancellationToken)).Base.Chat is not null;

    private async Task<string> FamilyAsync(StageKey stage, CancellationToken cancellationToken) =>
        (await frozen.PlanAsync(stage.Run, cancellationToken)).Training.Family;
}
