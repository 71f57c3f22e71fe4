using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>Says whether a stage may begin another iteration, and how it ends where it may not.</summary>
internal static class Allowance
{
    /// <summary>The state with its outcome where the stage is over, else the state as it was.</summary>
    public static StageState Judge(StageState state, TrainingMethod method, BudgetUnit unit, int iterationCap)
    {
        if (state.Outcome is not null)
            return state;
        var spent = state.Ledger.SpentInAll(unit);
        if (spent >= state.Allowed)
        {
            return state.Ledger.Updates > 0 || state.Ledger.Earlier > 0
                ? state.End(StageOutcome.Completed, FormattableString.Invariant($"The budget is spent: {spent} of {state.Allowed}."))
                : state.End(StageOutcome.Failed, FormattableString.Invariant($"The budget of {state.Allowed} was spent without one update; raise budget.amount or the stage's share."));
        }

        return state.Iteration >= iterationCap
            ? state.End(StageOutcome.StoppedByCap, FormattableString.Invariant($"{state.Iteration} iterations reached limits.iterationCap with {spent} of {state.Allowed} spent."))
            : state;
    }

    /// <summary>The state once people or a cap of the run want it to end.</summary>
    public static StageState Judge(StageState state, Directive directive) =>
        state.Outcome is not null ? state
        : directive.DesiredState == DesiredState.Cancel ? state.End(StageOutcome.Canceled, "The run was canceled.")
        : directive is { DesiredState: DesiredState.Run, Cap: { } cap } ? state.End(StageOutcome.StoppedByCap, cap)
        : state;

    /// <summary>What a starved iteration means: a result for a method that explores, a failure for one that was to imitate and never did.</summary>
    public static StageState Starve(StageState state, SampledMethod method)
    {
        var never = method.Plan.MustUpdate && state.Ledger.Updates == 0;
        return state.End(
            never ? StageOutcome.Failed : StageOutcome.Starved,
            FormattableString.Invariant($"No group had {method.Useful} in {method.Sampling.Admission.RefillRounds + 1} rounds of iteration {state.Iteration}")
                + (never ? $", so {Evaluation.Words.Of(method.Plan.Method)} never made an update." : "."));
    }

    /// <summary>What a failed work item means.</summary>
    public static StageState Fail(StageState state, WorkItemId id, WorkFailure failure) => failure.Kind switch
    {
        WorkFailure.Canceled => state.End(StageOutcome.Canceled, $"The run was canceled: {failure.Message}"),
        WorkFailure.Capped => state.End(StageOutcome.StoppedByCap, failure.Message),
        _ => state.End(StageOutcome.Failed, $"Work item {id} failed ({failure.Kind}): {failure.Message}"),
    };
}
