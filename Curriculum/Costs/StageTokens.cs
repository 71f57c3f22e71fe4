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
    /// <summary>Steps that an SRL problem is taken to have, where the budget is in updates.</summary>
    private const int StepsPerProblem = 8;

    /// <summary>A unit is a forward token or a third of a trained one, so a budget fixes the tokens once it is known how many groups are admitted.</summary>
    /// <returns>Every group admitted, and none.</returns>
    public static (TokenCount AllAdmitted, TokenCount NoneAdmitted) Of(StagePlan stage, BudgetPlan budget)
    {
        var amount = budget.Amount * stage.Share;
        var passes = stage.Loss.Epochs;
        if (budget.Unit == BudgetUnit.Updates)
            return OfUpdates(stage, amount, passes);
        if (stage.Method == Method.Sft)
            return (new(0, amount / ComputeUnits.PerTrainedToken), new(0, amount / ComputeUnits.PerTrainedToken));
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
        var tokens = stage.MaxNewTokens / 2.0 * (stage.Method == Method.Sft ? stage.ProblemsPerIteration : stage.Admission.TargetGroups * stage.GroupSize);
        return Math.Max(1, amount / (tokens * (stage.Method == Method.Sft ? ComputeUnits.PerTrainedToken : ComputeUnits.PerForwardToken + (double)ComputeUnits.PerTrainedToken * stage.Loss.Epochs)));
    }

    private static (TokenCount, TokenCount) OfUpdates(StagePlan stage, double updates, int passes)
    {
        if (stage.Method == Method.Sft)
        {
            var trained = updates * stage.ProblemsPerIteration * stage.MaxNewTokens;
            return (new(0, trained), new(0, trained));
        }

        var group = (double)stage.GroupSize * stage.MaxNewTokens;
        var admitted = updates * stage.Admission.TargetGroups * group;
        var groups = stage.ProblemsPerIteration * (stage.Method == Method.Srl ? StepsPerProblem : 1) * (1.0 + stage.Admission.RefillRounds);
        return (new(admitted, admitted * passes), new(updates * groups * group, admitted * passes));
    }
}
