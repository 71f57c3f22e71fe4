using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What alarms lead to.</summary>
/// <remarks>
/// The last good checkpoint is the newest one taken before the iterations that the alarm was judged over, for a state inside that window
/// may be what the alarm is about; where there is none, it is the state that the attempt began with.
/// </remarks>
public static class RollBacks
{
    /// <summary>Adds a checkpoint, and lets those go that no alarm can ask for any more.</summary>
    public static StageState Keep(StageState state, KeptState kept, int window)
    {
        var all = state.Kept.Append(kept).ToList();
        var newestOld = all.FindLastIndex(one => one.Iteration <= state.Iteration - window);
        return state with { Kept = [.. all.Skip(Math.Max(0, newestOld))] };
    }

    /// <summary>The state after new alarms: as it was, ended, or ended with a checkpoint to go back to.</summary>
    public static StageState Act(StageState state, GuardsPlan plan, GuardJudgement judged)
    {
        state = state with { Guards = judged.State };
        if (judged.Action is not (GuardAction.Stop or GuardAction.RollBack) || state.Outcome is not (null or StageOutcome.Completed))
            return state;
        var alarm = judged.Alarms.First(alarm => alarm.Action == judged.Action);
        var reason = FormattableString.Invariant($"The guard {Evaluation.Words.Of(alarm.Guard)} fired at iteration {alarm.Iteration}: {alarm.Message}");
        if (judged.Action == GuardAction.Stop)
            return state.End(alarm.Guard == GuardKind.NonFinite ? StageOutcome.Failed : StageOutcome.StoppedByGuard, reason);
        var good = state.Kept.LastOrDefault(one => one.Iteration <= alarm.Iteration + 1 - plan.Window) ?? state.Kept[0];
        return state.End(StageOutcome.StoppedByGuard, reason) with { RollBackTo = good };
    }

    /// <summary>How the next attempt begins; null where there is none, for the stage was not rolled back, or may not be any more.</summary>
    /// <param name="ended">The attempt that ended.</param>
    /// <param name="plan">The stage.</param>
    /// <param name="rollBacks">Roll-backs of the stage so far.</param>
    /// <param name="allowed">What the stage may spend in all.</param>
    /// <param name="unit">The budget's unit.</param>
    public static StageState? Next(StageState ended, StagePlan plan, int rollBacks, long allowed, BudgetUnit unit)
    {
        if (ended.RollBackTo is not { } good || rollBacks >= plan.Guards.Rollbacks || ended.Ledger.SpentInAll(unit) >= allowed)
            return null;
        return new()
        {
            Key = ended.Key with { Attempt = ended.Key.Attempt + 1 },
            Step = 0,
            Phase = StagePhase.Iterate,
            Allowed = allowed,
            Policy = good.State,
            Start = ended.Start,
            Ledger = new() { Earlier = ended.Ledger.SpentInAll(unit) },
            ArmBefore = ended.ArmUsage,
            KeepsOptimizer = good.Updates > 0 || ended.KeepsOptimizer,
            Guards = ended.Guards.RolledBack(),
            Kept = [new(good.State, 0, 0)],
            Gathered = GatheredAt(ended, good),
            GatheredBefore = GatheredAt(ended, good),
            Profile = ended.Profile is { } profile ? profile with { Iteration = 0 } : null,
            Difficulty = ended.Difficulty,
        };
    }

    /// <summary>What was gathered up to the checkpoint; that of the attempts before where this one had gathered nothing by then.</summary>
    private static string? GatheredAt(StageState ended, KeptState good) => ended.Gathered is null ? null
        : good.Iteration > 0 ? StorageNames.Gathered(ended.Key, good.Iteration - 1)
        : ended.GatheredBefore;

    /// <summary>How an attempt's reason ends once it is known what follows.</summary>
    public static string Followed(StageState ended, bool goesOn, int rollBacks, GuardsPlan plan) => ended.RollBackTo is not { } good ? ""
        : goesOn ? FormattableString.Invariant($" Rolled back to the state after {good.Updates} updates (roll-back {rollBacks + 1} of {plan.Rollbacks}).")
        : rollBacks >= plan.Rollbacks ? FormattableString.Invariant($" All {plan.Rollbacks} roll-backs (guards.rollbacks) are used; the arm ends at the state after {good.Updates} updates.")
        : FormattableString.Invariant($" The budget is spent; the arm ends at the state after {good.Updates} updates.");
}
