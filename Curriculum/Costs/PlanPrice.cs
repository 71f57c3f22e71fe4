namespace Curriculum.Costs;

/// <summary>What a plan will cost, before it runs.</summary>
public sealed record PlanPrice
{
    /// <summary>Name in the rate table.</summary>
    public required string Machine { get; init; }

    public required string Currency { get; init; }

    /// <summary>When the rates were noted.</summary>
    public required string RatesAsOf { get; init; }

    public required IReadOnlyList<PriceLine> Lines { get; init; }

    /// <summary>Worker seconds of all lines: GPU-seconds on a GPU; null where the machine's speed was never measured.</summary>
    public CostRange? WorkerSeconds { get; init; }

    /// <summary>Sum of all lines; null where one of them has no price.</summary>
    public CostRange? Total { get; init; }

    /// <summary>What the rate table lacks, as a sentence; null if the plan is fully priced.</summary>
    public string? Missing { get; init; }
}

/// <summary>One part of a price.</summary>
/// <param name="Part">E.g. <c>arm srl-rlvr, stage 2 of 2 (rlvr), 3 seeds</c>.</param>
/// <param name="WorkerSeconds">Null where no worker is used, or its speed was never measured.</param>
/// <param name="Count">Actions, executions or mebibytes, where the part is counted in them.</param>
/// <param name="Unit">Of <paramref name="Count"/>.</param>
/// <param name="Cost">Null where a rate is missing.</param>
public sealed record PriceLine(string Part, CostRange? WorkerSeconds, CostRange? Count, string? Unit, CostRange? Cost);

/// <summary>From the least to the most that is expected.</summary>
public sealed record CostRange(double Least, double Most)
{
    public static CostRange Exactly(double value) => new(value, value);

    public static CostRange Between(double one, double other) => new(Math.Min(one, other), Math.Max(one, other));

    public static CostRange operator +(CostRange one, CostRange other) => new(one.Least + other.Least, one.Most + other.Most);

    public static CostRange operator *(CostRange span, double factor) => new(span.Least * factor, span.Most * factor);
}
