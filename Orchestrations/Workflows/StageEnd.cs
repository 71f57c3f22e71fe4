using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Orchestrations.Workflows;

/// <summary>Decides whether a stage goes on: a pure function.</summary>
public static class StageEnd
{
    /// <summary>The progress with its outcome where the stage is over, else the progress as it was.</summary>
    public static StageProgress Judge(StageProgress progress, BudgetPlan budget, long allowed, LimitsPlan limits, RunWish wish)
    {
        if (progress.Outcome is not null)
            return progress;
        if (wish == RunWish.Cancel)
            return progress.End(StageOutcome.Canceled, "The run was canceled.");
        var spent = progress.SpentInAll(budget.Unit);
        if (spent >= allowed)
        {
            return progress.Updates > 0 || progress.Earlier > 0
                ? progress.End(StageOutcome.Completed, FormattableString.Invariant($"The budget is spent: {spent} of {allowed}."))
                : progress.End(StageOutcome.Failed, FormattableString.Invariant($"The budget of {allowed} was spent without one update; raise budget.amount or the stage's share."));
        }

        return progress.Iteration >= limits.IterationCap
            ? progress.End(
                StageOutcome.StoppedByCap,
                FormattableString.Invariant($"{progress.Iteration} iterations reached limits.iterationCap with {spent} of {allowed} spent."))
            : progress;
    }

    /// <summary>What a starved iteration means: a result for a method that explores, a failure for a stage that was to imitate and never did.</summary>
    public static StageProgress Starve(StageProgress progress, StagePlan plan) => progress.End(
        plan.Method == Method.Srl && progress.Updates == 0 ? StageOutcome.Failed : StageOutcome.Starved,
        FormattableString.Invariant($"No group had {GroupUse.Words(plan)} in {plan.Admission.RefillRounds + 1} rounds of iteration {progress.Iteration}")
            + (plan.Method == Method.Srl && progress.Updates == 0 ? ", so SRL never made an update." : "."));
}
