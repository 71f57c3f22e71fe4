using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Has the base label the training pool by vote, and freezes what each sample answered, so that no label changes while a run trains.</summary>
/// <remarks>It is of no arm's budget, as labels by a person would be.</remarks>
internal sealed class VoteProcedure(JsonBlobs blobs, FrozenRun frozen, BaseModels models, WorkResults results, WorkDispatch dispatch)
    : MeasureProcedure(results, dispatch)
{
    /// <summary>Problems in one item: enough rows to fill a pass, few enough to stay in the processor's cache.</summary>
    private const int ProblemsPerItem = 16;

    /// <summary>By problem and sample alone: a vote is the same in whatever item it is drawn.</summary>
    private const string DrawKey = "majority-vote";

    private readonly WorkResults _results = results;

    protected override async Task<IReadOnlyList<WorkItem>?> PlanAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(owner.Run, cancellationToken);
        if (step > 0 || plan.Votes() == 0)
            return null;
        var pool = await frozen.PoolAsync(owner.Run, FrozenRun.TrainingPool, cancellationToken);
        var policy = await models.ReadAsync(owner.Run, cancellationToken);
        return
        [
            .. pool.Chunk(ProblemsPerItem).Select((problems, chunk) => new RolloutItem
            {
                Id = WorkItemId.Of(owner, WorkKind.Rollout, chunk),
                Policy = policy,
                Prompts = [.. problems.Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } })],
                GroupSize = plan.Votes(),
                Temperature = 1,
                MaxNewTokens = plan.Evaluation.MaxNewTokens,
                Reward = new() { Kind = RewardKind.GroundTruth },
                DrawKey = DrawKey,
            }),
        ];
    }

    protected override async Task RecordAsync(WorkOwner owner, CancellationToken cancellationToken)
    {
        if (await PlanAsync(owner, 0, cancellationToken) is not { } items)
            return;
        var family = ProblemFamilies.Get((await frozen.PoolAsync(owner.Run, FrozenRun.TrainingPool, cancellationToken))[0].Family);
        var votes = new List<ProblemVotes>();
        foreach (var item in items)
        {
            var result = await _results.ReadAsync(item.Id, cancellationToken);
            if (result.Output is not RolloutOutput output)
                throw new InvalidDataException($"The base did not vote on labels: work item {item.Id} failed ({result.Failure?.Kind}): {result.Failure?.Message}");
            votes.AddRange(output.Groups.Select(group => new ProblemVotes(
                group.ProblemId, [.. group.Trajectories.Select(trajectory => trajectory.Terminated ? family.Answer(trajectory.Text) : null)])));
        }

        await blobs.FreezeAsync(
            StorageNames.RunsContainer, FrozenRun.VotesName(owner.Run), votes, CurriculumJson.Default.IReadOnlyListProblemVotes, cancellationToken);
    }
}
