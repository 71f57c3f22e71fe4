using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Sends the sampling of the base that labels the training pool: of no arm's budget, as labels by a person would be.</summary>
public sealed class PlanVotes(FrozenRun frozen, WorkDispatch dispatch)
{
    [Function(nameof(PlanVotes))]
    public async Task<PlannedVotes> Run([ActivityTrigger] PlanVotesInput input, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(input.Run, cancellationToken);
        var pool = await frozen.PoolAsync(input.Run, FrozenRun.TrainingPool, cancellationToken);
        RolloutItem[] items =
        [
            .. pool.Chunk(BaseVotes.ProblemsPerItem).Select((problems, chunk) =>
            {
                var id = new WorkItemId(input.Run, BaseVotes.Stage(input.Run).Arm, 0, 0, 0, 0, 0, chunk, WorkKind.Rollout);
                return new RolloutItem
                {
                    Id = id.ToString(),
                    Policy = input.Base,
                    Prompts = [.. problems.Select(problem => new RolloutPrompt { Problem = problem with { Steps = [] } })],
                    GroupSize = BaseVotes.Wanted(plan),
                    Temperature = 1,
                    MaxNewTokens = plan.Evaluation.MaxNewTokens,
                    Reward = new() { Kind = RewardKind.GroundTruth },
                    // By problem and sample alone: a vote is the same in whatever item it is drawn.
                    DrawKey = BaseVotes.Stage(input.Run).Arm,
                };
            }),
        ];
        return new([.. items.Select(item => item.Id)], await dispatch.SendAsync(items, input.Run, cancellationToken));
    }
}

/// <summary>Input of <see cref="PlanVotes"/>.</summary>
public sealed record PlanVotesInput(string Run, StateRef Base);

/// <summary>The voting that was sent.</summary>
public sealed record PlannedVotes(IReadOnlyList<string> Items, IReadOnlyList<string> Waiting);
