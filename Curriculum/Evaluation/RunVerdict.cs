using System.Text.Json.Serialization;
using Curriculum.Evaluation.Audits;
using Curriculum.Evaluation.Probes;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>What a run came to; stored as <c>verdict.json</c>. Deterministic content only: no times, no worker names.</summary>
public sealed record RunVerdict
{
    public required string Name { get; init; }

    public required string PlanHash { get; init; }

    /// <summary>The verdict in one sentence.</summary>
    public required string Headline { get; init; }

    /// <summary>Why the run as a whole failed (no arm trained); null where it did not.</summary>
    public string? Failure { get; init; }

    /// <summary>One line for each arm and seed that failed or is missing; a run with any must not report success.</summary>
    public required IReadOnlyList<string> FailedArms { get; init; }

    /// <summary>The benchmark that the comparisons are about.</summary>
    public required string Benchmark { get; init; }

    public required Metric PrimaryMetric { get; init; }

    public required double Confidence { get; init; }

    public required double SmallestInterestingDifference { get; init; }

    /// <summary>The k of every pass@k: samples per problem.</summary>
    public required int Samples { get; init; }

    /// <summary>What every trained arm was allowed, and whether a run on the same budget does the same again.</summary>
    public required BudgetVerdict Budget { get; init; }

    /// <summary>In the plan's order.</summary>
    public required IReadOnlyList<ArmVerdict> Arms { get; init; }

    /// <summary>In the plan's order.</summary>
    public required IReadOnlyList<Comparison> Comparisons { get; init; }

    /// <summary>In the plan's order: what each benchmark is good for.</summary>
    public required IReadOnlyList<BenchmarkStanding> Benchmarks { get; init; }

    /// <summary>The primary metric of every arm on clean benchmarks beside that on the others.</summary>
    public required IReadOnlyList<SideBySide> SideBySide { get; init; }

    /// <summary>Benchmarks beside the first on which the curriculum is worse than the base.</summary>
    public required IReadOnlyList<Regression> Regressions { get; init; }

    /// <summary>Whether the stages together gain more than apart; null where no four arms ask it.</summary>
    public Interaction? Interaction { get; init; }

    /// <summary>Divisions of the budget between SRL and RLVR; empty where the plan does not vary it.</summary>
    public required IReadOnlyList<SequencePoint> Sequencing { get; init; }

    /// <summary>What was measured beside accuracy; null where the plan has no probes.</summary>
    public ProbeVerdict? Probes { get; init; }

    /// <summary>Every numerics fingerprint of the run; more than one is <c>mixed numerics</c>.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }

    public required bool MixedNumerics { get; init; }

    /// <summary>Base policies that the verdict rests on; with one it holds "for this base".</summary>
    public required int Bases { get; init; }

    /// <summary>The base's model family, where it is stated; a claim over one is not general.</summary>
    public string? BaseFamily { get; init; }

    /// <summary>What a reader must know before quoting a figure.</summary>
    public required IReadOnlyList<string> Caveats { get; init; }

    /// <summary>Whether the run as a whole failed.</summary>
    [JsonIgnore]
    public bool Failed => Failure is not null;
}

/// <summary>The budget that the arms were matched on.</summary>
/// <param name="Unit">What it counts.</param>
/// <param name="Amount">For each trained arm.</param>
/// <param name="Reproducible">False for seconds: how far an arm comes in them depends on the machine.</param>
public sealed record BudgetVerdict(BudgetUnit Unit, long Amount, bool Reproducible);
