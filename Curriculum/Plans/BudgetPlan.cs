using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>What every trained arm may spend, the same for all.</summary>
public sealed record BudgetPlan
{
    /// <summary>Default <see cref="BudgetUnit.Compute"/>.</summary>
    public BudgetUnit Unit { get; init; } = BudgetUnit.Compute;

    /// <summary>Compute units, optimiser updates, or seconds.</summary>
    public required long Amount { get; init; }

    /// <summary>Highest price of the whole run at which it may start, in the rate table's currency. Default: no cap.</summary>
    public double? MaximumCost { get; init; }

    /// <summary>What one arm may spend: its share of the whole.</summary>
    public BudgetPlan Of(ArmPlan arm) => this with { Amount = (long)Math.Round(Amount * arm.Share) };
}

/// <summary>What a budget counts.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BudgetUnit>))]
public enum BudgetUnit
{
    /// <summary>1 for each forward token, 3 for each trained token, per pass; dropped groups count, evaluation does not.</summary>
    [JsonStringEnumMemberName("compute")]
    Compute,

    /// <summary>Optimiser updates.</summary>
    [JsonStringEnumMemberName("updates")]
    Updates,

    /// <summary>Compute seconds of workers, summed over work items; waiting for a worker is not counted. Not reproducible, and marked as such.</summary>
    [JsonStringEnumMemberName("seconds")]
    Seconds,
}
