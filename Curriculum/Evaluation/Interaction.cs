using System.Text.Json.Serialization;
using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>(both - imitation) - (outcome - base) of the primary metric: what RLVR gains after the first stage beyond what it gains alone.</summary>
/// <remarks>RLVR's budget is the same in both differences, and the first stage's in both arms that have it; the interval is the crossed bootstrap over paired seeds and problems.</remarks>
public sealed record Interaction
{
    public required InteractionPlan Arms { get; init; }

    /// <summary>Seeds for which all four could be evaluated.</summary>
    public required IReadOnlyList<int> Seeds { get; init; }

    /// <summary>Null where there is no such seed.</summary>
    public Estimate? Estimate { get; init; }

    /// <summary>Outcome minus base.</summary>
    public double? GainAlone { get; init; }

    /// <summary>Both minus imitation.</summary>
    public double? GainAfter { get; init; }

    public required InteractionKind Kind { get; init; }

    internal static Interaction? Of(RunPlan plan, ResultTable table)
    {
        if (InteractionArms.Of(plan) is not { } arms)
            return null;

        var four = new[] { arms.Both, arms.Imitation, arms.Outcome, arms.Base }.Select(name => plan.Arms.First(arm => arm.Name == name)).ToArray();
        var seeds = plan.Seeds.Where(seed => four.All(arm => table.Usable(arm, seed) is not null)).ToList();
        if (seeds.Count == 0)
            return new() { Arms = arms, Seeds = seeds, Kind = InteractionKind.Undecided };

        double[][][] scores = [.. seeds.Select(seed => four.Select(arm => Scores.Primary(table.Usable(arm, seed)!.On(plan.Evaluation.Benchmarks[0].Name), plan.Evaluation.PrimaryMetric)).ToArray())];
        double[][] interaction = [.. scores.Select(row => row[0].Select((_, problem) => row[0][problem] - row[1][problem] - (row[2][problem] - row[3][problem])).ToArray())];
        var random = CrossedBootstrap.Stream(plan, $"interaction/{string.Join('/', four.Select(arm => arm.Name))}/{plan.Evaluation.Benchmarks[0].Name}");
        var estimate = CrossedBootstrap.Draw([interaction], plan.Evaluation.BootstrapDraws, random.NextInt)[0].Interval(plan.Evaluation.Confidence);
        return new()
        {
            Arms = arms,
            Seeds = seeds,
            Estimate = estimate,
            GainAlone = scores.Average(row => row[2].Average() - row[3].Average()),
            GainAfter = scores.Average(row => row[0].Average() - row[1].Average()),
            Kind = seeds.Count < PairedComparisons.MinimumSeeds ? InteractionKind.Undecided
                : estimate.Low > PairedComparisons.Tolerance ? InteractionKind.Enabling
                : estimate.High < -PairedComparisons.Tolerance ? InteractionKind.Interfering
                : InteractionKind.Undecided,
        };
    }
}

/// <summary>What an interaction came to.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<InteractionKind>))]
public enum InteractionKind
{
    /// <summary>The interval includes zero, as it does where the gains simply add up, or there are too few seeds.</summary>
    [JsonStringEnumMemberName("undecided")]
    Undecided,

    /// <summary>RLVR gains more after the first stage than alone.</summary>
    [JsonStringEnumMemberName("enabling")]
    Enabling,

    /// <summary>RLVR gains less after it, as it also must where the first stage leaves little to gain.</summary>
    [JsonStringEnumMemberName("interfering")]
    Interfering,
}
