using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>What is measured, on what, and what counts as a difference.</summary>
public sealed record EvaluationPlan
{
    /// <summary>Picks each arm's checkpoint; never part of a benchmark.</summary>
    public required ProblemSetPlan Validation { get; init; }

    /// <summary>The benchmarks; the verdict is about the first.</summary>
    public required IReadOnlyList<BenchmarkPlan> Benchmarks { get; init; }

    /// <summary>Default <see cref="Metric.Sampled"/>.</summary>
    public Metric PrimaryMetric { get; init; } = Metric.Sampled;

    /// <summary>Samples per problem at temperature 1. Default 4.</summary>
    public int Samples { get; init; } = 4;

    /// <summary>Longest completion in tokens. Default 96.</summary>
    public int MaxNewTokens { get; init; } = 96;

    /// <summary>The curriculum: the arm that the verdict is about.</summary>
    public required string Curriculum { get; init; }

    /// <summary>Arms that the curriculum is compared with. Default: every other arm.</summary>
    public IReadOnlyList<string>? Against { get; init; }

    /// <summary>Smallest difference in accuracy that matters, 0 to 1. Default 0.02.</summary>
    public double SmallestInterestingDifference { get; init; } = 0.02;

    /// <summary>Coverage of every interval. Default 0.95.</summary>
    public double Confidence { get; init; } = 0.95;

    /// <summary>Bootstrap draws. Default 10000.</summary>
    public int BootstrapDraws { get; init; } = 10_000;

    /// <summary>Problems per evaluation work item. Default 128.</summary>
    public int ProblemsPerItem { get; init; } = 128;

    /// <summary>The contamination audit of the base before any training; null turns it off, and then no benchmark is known to be clean. Default on.</summary>
    // Written even when null, which is not the default.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public AuditPlan? Audit { get; init; } = new();

    /// <summary>What to measure besides accuracy. Default nothing.</summary>
    public ProbePlan? Probes { get; init; }

    /// <summary>The arms of the interaction. Default: detected if four arms fit.</summary>
    public InteractionPlan? Interaction { get; init; }
}

/// <summary>One benchmark.</summary>
public sealed record BenchmarkPlan : ProblemSetPlan
{
    /// <summary>Lower-case letters, digits and hyphens, unique in the plan.</summary>
    public required string Name { get; init; }

    /// <summary>Publication date of a data set, <c>yyyy-MM-dd</c>; without it the benchmark is suspect. Generated benchmarks are new by construction.</summary>
    public string? Released { get; init; }
}

/// <summary>The accuracies.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Metric>))]
public enum Metric
{
    /// <summary>Mean accuracy of the samples at temperature 1.</summary>
    [JsonStringEnumMemberName("sampled")]
    Sampled,

    /// <summary>Accuracy of the greedy completion.</summary>
    [JsonStringEnumMemberName("greedy")]
    Greedy,
}
