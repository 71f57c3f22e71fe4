using System.Globalization;
using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Costs;

/// <summary>Prices a plan from its budget, a rate table and the size of the policy.</summary>
/// <remarks>docs/COST.md says what each line counts and what is left out.</remarks>
public static class PlanPricing
{
    private const double BytesPerGibibyte = 1 << 30;

    // Weights and the optimiser's two moments, float32.
    private const int BytesPerParameter = 12;

    // Tokens of a row of pretraining text, at most.
    private const int PretrainingRow = 256;

    // An execution of the app: memory and time as billed at the least.
    private const double AppGibibyteSeconds = 2 * 0.1;

    /// <summary>Prices a plan.</summary>
    /// <param name="plan">A valid plan.</param>
    /// <param name="rates">The rates.</param>
    /// <param name="machine">Name of a machine in the table.</param>
    /// <param name="parameters">Size of the policy; null for the size that the machine's speed was measured with.</param>
    /// <exception cref="ArgumentException">The table has no such machine.</exception>
    public static PlanPrice Of(RunPlan plan, RateTable rates, string machine, long? parameters = null)
    {
        var rate = rates.Machines.FirstOrDefault(each => each.Name == machine)
            ?? throw new ArgumentException($"Expected a machine of the rate table, one of {string.Join(", ", rates.Machines.Select(each => each.Name))}; found '{machine}'.", nameof(machine));
        var size = parameters ?? rate.Speed?.Parameters ?? 0;
        List<PriceLine> lines = [.. WorkerLines(plan, rate, size), .. ServiceLines(plan, rates, size)];
        var missing = rate switch
        {
            { Speed: null } => $"There are no measured tokens per second for '{machine}': measure them (docs/COST.md) and enter them in the rate table.",
            { PerSecond: null } => $"There is no price per second for '{machine}': enter it in the rate table.",
            _ => null,
        };
        return new()
        {
            Machine = machine,
            Currency = rates.Currency,
            RatesAsOf = rates.AsOf,
            Lines = lines,
            WorkerSeconds = rate.Speed is null ? null : Sum(lines.Select(line => line.WorkerSeconds).OfType<CostRange>()),
            Total = missing is null ? Sum(lines.Select(line => line.Cost!)) : null,
            Missing = missing,
        };
    }

    private static IEnumerable<PriceLine> WorkerLines(RunPlan plan, MachineRate rate, long size)
    {
        PriceLine Line(string part, TokenCount one, TokenCount other, double times)
        {
            if (rate.Speed is not { } speed)
                return new(part, null, null, null, null);
            var slower = (double)size / speed.Parameters;
            double Seconds(TokenCount tokens) => times * slower * tokens.Seconds(speed.ForwardTokensPerSecond, speed.TrainedTokensPerSecond);
            var seconds = CostRange.Between(Seconds(one), Seconds(other));
            return new(part, seconds, null, null, rate.PerSecond is { } price ? seconds * price : null);
        }

        if (plan.Base.Pretrain is { } pretrain)
        {
            var tokens = new TokenCount(0, (double)pretrain.Updates * pretrain.Rows * PretrainingRow);
            yield return Line("pretraining the base", tokens, tokens, 1);
        }

        foreach (var arm in plan.Arms)
        {
            for (var i = 0; i < arm.Stages.Count; i++)
            {
                var stage = arm.Stages[i];
                var budget = plan.Budget.Of(arm);
                var part = Text($"arm {arm.Name}, stage {i + 1} of {arm.Stages.Count} ({JsonSerializer.SerializeToElement(stage.Method, CurriculumJson.Default.Method).GetString()}), {Seeds(plan)}");
                if (budget.Unit == BudgetUnit.Seconds)
                {
                    var seconds = CostRange.Exactly(budget.Amount * stage.Share * plan.Seeds.Count);
                    yield return new(part, seconds, null, null, rate.PerSecond is { } price ? seconds * price : null);
                    continue;
                }

                var (all, none) = StageTokens.Of(stage, budget);
                yield return Line(part, all, none, plan.Seeds.Count);
            }
        }

        // As if every completion were as long as it may be.
        var perProblem = (1.0 + plan.Evaluation.Samples) * plan.Evaluation.MaxNewTokens;
        var validations = Kept(plan);
        var validation = new TokenCount(validations * plan.Evaluation.Validation.Count * perProblem, 0);
        yield return Line("validation of checkpoints", validation, validation, 1);
        var policies = plan.Arms.Sum(arm => arm.Stages.Count == 0 ? 1 : plan.Seeds.Count);
        var benchmarks = new TokenCount(plan.Evaluation.Benchmarks.Sum(benchmark => (double)benchmark.Count) * perProblem * policies, 0);
        yield return Line("evaluation on the benchmarks", benchmarks, benchmarks, 1);

        if (rate.Speed is not null)
        {
            // Once if all work follows closely, and again for each stage of a training at the most.
            var once = rate.StartSeconds + rate.IdleSeconds;
            var seconds = new CostRange(once, once * (1 + (double)Trained(plan).Count() * plan.Seeds.Count));
            yield return new("workers that start or wait", seconds, null, null, rate.PerSecond is { } price ? seconds * price : null);
        }
    }

    private static IEnumerable<PriceLine> ServiceLines(RunPlan plan, RateTable rates, long size)
    {
        // An activity is two actions, an event, a timer and a start one each. Least: no refill; most: every refill.
        CostRange Iterations(Func<StagePlan, double> perIteration) => CostRange.Exactly(Trained(plan).Sum(each =>
            StageTokens.Updates(each.Stage, each.Budget) / each.Stage.BatchesPerItem * perIteration(each.Stage)) * plan.Seeds.Count);
        var items = new CostRange(
            Iterations(stage => 1.0 + Rollouts(stage)).Least, Iterations(stage => 1.0 + Rollouts(stage) * (1.0 + Refills(stage))).Most);
        var iterations = Iterations(_ => 1).Most;
        var actions = items * 6 + CostRange.Exactly(iterations * 6 + 20.0 * (1 + Trained(plan).Count() * plan.Seeds.Count));
        yield return new("scheduler", null, actions, "actions", actions * (rates.SchedulerPerMillionActions / 1e6));
        yield return new(
            "app", null, actions, "executions", actions * (rates.AppPerMillionExecutions / 1e6 + AppGibibyteSeconds * rates.AppPerGibibyteSecond));

        var gibibytes = Kept(plan) * size * BytesPerParameter / BytesPerGibibyte;
        // An item: item, claim, its marks, result; read back by whoever waits for it.
        var operations = items * (8 * rates.StoragePerTenThousandWrites / 1e4 + 12 * rates.StoragePerTenThousandReads / 1e4);
        yield return new(
            "storage, one month", null, CostRange.Exactly(gibibytes * 1024), "MiB of checkpoints",
            operations + CostRange.Exactly(gibibytes * rates.StoragePerGibibyteMonth));
    }

    private static double Rollouts(StagePlan stage) => stage is SampledStagePlan sampled ? Math.Max(1, sampled.RolloutItems) : 0;

    private static double Refills(StagePlan stage) => stage is SampledStagePlan sampled ? sampled.Admission.RefillRounds : 0;

    private static IEnumerable<(StagePlan Stage, BudgetPlan Budget)> Trained(RunPlan plan) =>
        plan.Arms.SelectMany(arm => arm.Stages.Select(stage => (stage, plan.Budget.Of(arm))));

    /// <summary>Checkpoints of the whole run.</summary>
    private static double Kept(RunPlan plan) =>
        Trained(plan).Sum(each => 1 + StageTokens.Updates(each.Stage, each.Budget) / each.Stage.CheckpointEvery) * plan.Seeds.Count;

    private static string Seeds(RunPlan plan) => Text($"{plan.Seeds.Count} seed{(plan.Seeds.Count == 1 ? "" : "s")}");

    private static CostRange Sum(IEnumerable<CostRange> ranges) => ranges.Aggregate(CostRange.Exactly(0), (sum, range) => sum + range);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
