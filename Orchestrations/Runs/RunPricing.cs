using Curriculum.Costs;
using Curriculum.Plans;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Prices submitted plans on the kind of machine that this deployment's workers are.</summary>
public sealed class RunPricing
{
    /// <summary>Setting that names a machine of the rate table. Default: <c>cpu</c>.</summary>
    public const string MachineSetting = "Costs:Machine";

    private readonly BaseModels _models;
    private readonly string _machine;

    public RunPricing(IConfiguration configuration, BaseModels models)
    {
        _models = models;
        _machine = configuration[MachineSetting] is { Length: > 0 } named ? named : "cpu";
        if (RateTable.Shipped.Machines.All(machine => machine.Name != _machine))
        {
            throw new InvalidOperationException(
                $"Expected the setting Costs__Machine to be one of {string.Join(", ", RateTable.Shipped.Machines.Select(machine => machine.Name))}; found '{_machine}'.");
        }
    }

    /// <summary>The plan's price, for a policy of the size of its base.</summary>
    public async Task<PlanPrice> OfAsync(RunPlan plan, CancellationToken cancellationToken) => PlanPricing.Of(
        plan, RateTable.Shipped, _machine, plan.Base.Model is { } model ? await _models.ParametersAsync(model, cancellationToken) : null);
}
