using System.Globalization;
using Curriculum.Plans;
using Curriculum.Submission;

namespace Curriculum.Costs;

/// <summary>Checks a plan's price against the plan's cap.</summary>
public static class CostCap
{
    private const string Pointer = "/budget/maximumCost";

    /// <summary>The violation; null if the plan has no cap or keeps it.</summary>
    public static PlanViolation? Check(RunPlan plan, PlanPrice price)
    {
        if (plan.Budget.MaximumCost is not { } cap)
            return null;
        if (price.Total is not { } total)
            return new(Pointer, $"Expected a plan that can be priced, since it caps its cost. {price.Missing}");
        return total.Most > cap
            ? new(Pointer, string.Create(CultureInfo.InvariantCulture, $"Expected a price of at most {cap:0.00##} {price.Currency}; this plan is priced at up to {total.Most:0.00##} on '{price.Machine}' (rates of {price.RatesAsOf}). Lower the budget, or raise maximumCost."))
            : null;
    }
}
