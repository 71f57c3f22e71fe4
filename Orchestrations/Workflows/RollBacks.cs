using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Orchestrations.Workflows;

/// <summary>What alarms lead to: pure functions of an attempt's progress.</summary>
/// <remarks>
/// The last good checkpoint is the newest one taken before the iterations that the alarm was judged over, for a state inside that window
/// may be what the alarm is about; where there is none, it is the state that the attempt began with.
/// </remarks>
public static class RollBacks
{
    /// <summary>Adds a checkpoint, and lets those go that no alarm can ask for any more.</summary>
    public static StageProgress Keep(StageProgress progress, KeptState kept, int window)
    {
        var all = progress.Kept.Append(kept).ToList();
        var newestOld = all.FindLastIndex(state => state.Iteration <= progress.Iteration - window);
        return progress with { Kept = [.. all.Skip(Math.Max(0, newestOld))] };
    }

    /// <summary>The progress after new alarms: as it was, ended, or ended with a state to go back to.</summary>
    public static StageProgress Act(StageProgress progress, GuardsPlan plan, Judged judged)
    {
        progress = progress with { Guards = judged.State };
        if (judged.Action is not (GuardAction.Stop or GuardAction.RollBack) || progress.Outcome is not (null or StageOutcome.Completed))
            return progress;
        var alarm = judged.Alarms.First(alarm => alarm.Action == judged.Action);
        var reason = FormattableString.Invariant($"The guard {Curriculum.Evaluation.Words.Of(alarm.Guard)} fired at iteration {alarm.Iteration}: {alarm.Message}");
        if (judged.Action == GuardAction.Stop)
            return progress.End(alarm.Guard == GuardKind.NonFinite ? StageOutcome.Failed : StageOutcome.StoppedByGuard, reason);
        var good = progress.Kept.LastOrDefault(state => state.Iteration <= alarm.Iteration + 1 - plan.Window) ?? progress.Kept[0];
        return progress.End(StageOutcome.StoppedByGuard, reason) with { RollBackTo = good };
    }

    /// <summary>Where the next attempt begins; null where there is none, for the stage was not rolled back, or may not be any more.</summary>
    /// <param name="stage">The attempt that ended.</param>
    /// <param name="ended">How far it came.</param>
    /// <param name="plan">The stage.</param>
    /// <param name="rollBacks">Roll-backs of the stage so far.</param>
    /// <param name="allowed">What the stage may spend in all.</param>
    /// <param name="unit">The budget's unit.</param>
    public static StageProgress? Next(StageKey stage, StageProgress ended, StagePlan plan, int rollBacks, long allowed, BudgetUnit unit)
    {
        if (ended.RollBackTo is not { } good || rollBacks >= plan.Guards.Rollbacks || ended.SpentInAll(unit) >= allowed)
            return null;
        return new()
        {
            State = good.State,
            Start = ended.Start,
            Earlier = ended.SpentInAll(unit),
            Started = true,
            KeepsOptimizer = good.Updates > 0 || ended.KeepsOptimizer,
            Guards = ended.Guards.RolledBack(),
            Kept = [new(good.State, 0, 0)],
            Successes = SuccessesAt(stage, ended, plan, good),
            Profile = ended.Profile is { } profile ? profile with { Iteration = 0 } : null,
            Difficulty = ended.Difficulty,
        };
    }

    /// <summary>What was gathered up to the checkpoint; that of the attempts before where this one had gathered nothing by then.</summary>
    private static string? SuccessesAt(StageKey stage, StageProgress ended, StagePlan plan, KeptState good) => plan is not ExpertIterationPlan ? null
        : good.Iteration == 0 ? ended.Successes
        : StorageNames.Successes(stage.Run, stage.Arm, stage.Seed, stage.Stage, stage.Attempt, good.Iteration - 1);

    /// <summary>How an attempt's reason ends once it is known what follows.</summary>
    public static string Followed(StageProgress ended, StageProgress? next, int rollBacks, GuardsPlan plan) => ended.RollBackTo is not { } good ? ""
        : next is not null ? FormattableString.Invariant($" Rolled back to the state after {good.Updates} updates (roll-back {rollBacks + 1} of {plan.Rollbacks}).")
        : rollBacks >= plan.Rollbacks ? FormattableString.Invariant($" All {plan.Rollbacks} roll-backs (guards.rollbacks) are used; the arm ends at the state after {good.Updates} updates.")
        : FormattableString.Invariant($" The budget is spent; the arm ends at the state after {good.Updates} updates.");
}
