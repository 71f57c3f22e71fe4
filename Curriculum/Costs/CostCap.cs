using System.Globalization;
using Curriculum.Plans;

namespace Curriculum.Costs;

/// <summary>Holds a plan's price against the most that the plan says it may cost.</summary>
public static class CostCap
{
    private const string Pointer = "/budget/maximumCost";

    /// <summary>The violation, or null where the plan states no cap or keeps it.</summary>
    public static PlanViolation? Check(RunPlan plan, PlanPrice price)
    {
        if (plan.Budget.MaximumCost is not { } cap)
            return null;
        if (price.Total is not { } total)
            return new(Pointer, $"Expected a plan that can be priced, as it caps its cost. {price.Missing}");
        return total.Most > cap
            ? new(Pointer, string.Create(CultureInfo.InvariantCulture, $"Expected a price of at most {cap:0.00##} {price.Currency}; this plan is priced at up to {total.Most:0.00##} on '{price.Machine}' (rates of {price.RatesAsOf}). Lower the budget, or raise maximumCost."))
            : null;
    }
}
