using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Costs;

/// <summary>How many tokens a stage processes: exact for budgets in compute units, except for how they split.</summary>
/// <param name="Forward">Tokens generated or read.</param>
/// <param name="Trained">Tokens trained on, passes counted.</param>
internal readonly record struct TokenCount(double Forward, double Trained)
{
    public double Seconds(double forwardPerSecond, double trainedPerSecond) => Forward / forwardPerSecond + Trained / trainedPerSecond;
}

/// <summary>The two ends between which a stage's tokens lie.</summary>
internal static class StageTokens
{
    /// <summary>Steps that a problem is taken to have, where the budget is in updates.</summary>
    private const int StepsPerProblem = 8;

    /// <summary>A unit is a forward token or a third of a trained one, so a budget fixes the tokens once it is known how many groups are admitted.</summary>
    /// <returns>Every group admitted, and none.</returns>
    public static (TokenCount AllAdmitted, TokenCount NoneAdmitted) Of(StagePlan stage, BudgetPlan budget)
    {
        var amount = budget.Amount * stage.Share;
        if (budget.Unit == BudgetUnit.Updates)
            return OfUpdates(stage, amount);
        if (stage is not SampledStagePlan)
            return (new(0, amount / ComputeUnits.PerTrainedToken), new(0, amount / ComputeUnits.PerTrainedToken));
        var passes = Passes(stage);
        var sampled = amount / (ComputeUnits.PerForwardToken + (double)ComputeUnits.PerTrainedToken * passes);
        return (new(sampled, sampled * passes), new(amount, 0));
    }

    /// <summary>Updates that a stage makes when its completions have half the length that they may have.</summary>
    public static double Updates(StagePlan stage, BudgetPlan budget)
    {
        var amount = budget.Amount * stage.Share;
        // A budget in seconds does not say how many; one a second is taken.
        if (budget.Unit is BudgetUnit.Updates or BudgetUnit.Seconds)
            return amount;
        var (completions, units) = stage is SampledStagePlan sampled
            ? (sampled.Admission.TargetGroups * sampled.GroupSize, ComputeUnits.PerForwardToken + (double)ComputeUnits.PerTrainedToken * Passes(stage))
            : (stage.ProblemsPerIteration, ComputeUnits.PerTrainedToken);
        return Math.Max(1, amount / (stage.MaxNewTokens / 2.0 * completions * units));
    }

    private static (TokenCount, TokenCount) OfUpdates(StagePlan stage, double updates)
    {
        if (stage is not SampledStagePlan sampled)
        {
            var trained = updates * stage.ProblemsPerIteration * stage.MaxNewTokens;
            return (new(0, trained), new(0, trained));
        }

        var passes = Passes(stage);
        var group = (double)sampled.GroupSize * stage.MaxNewTokens;
        var admitted = updates * sampled.Admission.TargetGroups * group;
        var groups = stage.ProblemsPerIteration * (stage.Completion == CompletionTarget.Step ? StepsPerProblem : 1) * (1.0 + sampled.Admission.RefillRounds);
        return (new(admitted, admitted * passes), new(updates * groups * group, admitted * passes));
    }

    private static int Passes(StagePlan stage) => stage is PolicyGradientPlan gradient ? gradient.Loss.Epochs : 1;
}
