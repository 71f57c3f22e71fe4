using Curriculum.Training;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Begins an arm's next attempt at a stage, as its course says: stores its first state, unless it goes on from another run's.</summary>
public sealed class BeginStage(FrozenRun frozen, BaseModels models, StageStates states)
{
    /// <summary>The attempt; null where the arm has ended.</summary>
    [Function(nameof(BeginStage))]
    public async Task<StageKey?> Run([ActivityTrigger] ArmKey arm, CancellationToken cancellationToken)
    {
        var plan = await frozen.PlanAsync(arm.Run, cancellationToken);
        var course = ArmCourse.Of(arm, plan, await models.ReadAsync(arm.Run, cancellationToken), await states.EndsAsync(arm, cancellationToken));
        if (course.Next is not { } next)
            return null;
        await states.TryStoreAsync(next, cancellationToken);
        return next.Key;
    }
}
