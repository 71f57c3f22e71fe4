using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Training;
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

    /// <summary>What training has cost so far, by the seconds of its workers; null where the machine has no rate.</summary>
    public RunCost? CostOf(Usage used) => RateTable.Shipped.Machines.First(machine => machine.Name == _machine).PerSecond is { } rate
        ? new(used.WorkerSeconds * rate, RateTable.Shipped.Currency, _machine)
        : null;

    /// <summary>The plan's price, for a policy of the size of its base.</summary>
    public async Task<PlanPrice> OfAsync(RunPlan plan, CancellationToken cancellationToken) => PlanPricing.Of(
        plan, RateTable.Shipped, _machine, plan.Base.Model is { } model ? await _models.ParametersAsync(model, cancellationToken) : null);
}
