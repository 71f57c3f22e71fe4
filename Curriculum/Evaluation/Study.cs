using System.Text.Json.Serialization;

namespace Curriculum.Evaluation;

/// <summary>Several runs of one question over different bases: what holds in general, and how it depends on the base.</summary>
/// <remarks>
/// A run has one base, so its verdict holds for that base. Over several, a win is called general only where the curriculum wins in every run and the
/// runs' bases are of at least two model families. Effects of all arms are shown by the strength of the base (its own score), true and random rewards
/// side by side: base quality needs at least three bases.
/// </remarks>
public sealed record Study
{
    public required string Headline { get; init; }

    /// <summary>Model families of the bases, in order.</summary>
    public required IReadOnlyList<string> Families { get; init; }

    /// <summary>Whether the win is general.</summary>
    public required bool General { get; init; }

    /// <summary>By the base's own score, weakest first.</summary>
    public required IReadOnlyList<StudyRun> Runs { get; init; }

    /// <summary>Averages that do not agree with their own cells; a study with any is not to be quoted.</summary>
    public required IReadOnlyList<string> Mismatches { get; init; }

    /// <summary>Of at least one verdict.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Study Of(IReadOnlyList<RunVerdict> verdicts)
    {
        if (verdicts.Count == 0)
            throw new ArgumentException("Expected at least one verdict, found none.", nameof(verdicts));

        IReadOnlyList<string> families = [.. verdicts.Select(verdict => verdict.BaseFamily ?? "unknown").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var wins = verdicts.All(verdict => verdict.Comparisons.Count > 0 && verdict.Comparisons.All(comparison => comparison.Decision == Decision.Wins));
        var general = wins && families.Count >= 2 && !families.Contains("unknown");
        return new()
        {
            Headline = general ? $"General over {families.Count} model families: the curriculum beats every other arm in all {verdicts.Count} runs."
                : wins ? $"The curriculum beats every other arm in all {verdicts.Count} runs, for {(families.Count == 1 ? $"one model family ({families[0]})" : "families of which one is not stated")}: not general, which takes two."
                : $"Not general: the curriculum does not beat every other arm in each of {verdicts.Count} runs.",
            Families = families,
            General = general,
            Runs = [.. verdicts.Select(StudyRun.Of).OrderBy(run => run.BaseScore ?? double.MaxValue).ThenBy(run => run.Name, StringComparer.Ordinal)],
            Mismatches = [.. verdicts.SelectMany(TableCheck.Mismatches)],
        };
    }
}

/// <summary>One run of a study.</summary>
public sealed record StudyRun
{
    public required string Name { get; init; }

    public required string PlanHash { get; init; }

    public string? Family { get; init; }

    /// <summary>The untrained base's primary metric; null where the run has no arm of it.</summary>
    public double? BaseScore { get; init; }

    /// <summary>Every trained arm against the base.</summary>
    public required IReadOnlyList<StudyArm> Arms { get; init; }

    internal static StudyRun Of(RunVerdict verdict)
    {
        double? Score(ArmVerdict arm)
        {
            var row = arm.Benchmarks.FirstOrDefault(benchmark => benchmark.Name == verdict.Benchmark);
            return verdict.PrimaryMetric == Plans.Metric.Sampled ? row?.Sampled?.Value : row?.Greedy.Value;
        }

        var start = verdict.Arms.FirstOrDefault(arm => arm.Methods.Count == 0) is { } untrained ? Score(untrained) : null;
        return new()
        {
            Name = verdict.Name,
            PlanHash = verdict.PlanHash,
            Family = verdict.BaseFamily,
            BaseScore = start,
            Arms = [.. verdict.Arms.Where(arm => arm.Methods.Count > 0).Select(arm => new StudyArm(arm.Arm, arm.Spurious, Score(arm), Score(arm) - start))],
        };
    }
}

/// <summary>One arm of a run of a study.</summary>
/// <param name="Arm">Its name.</param>
/// <param name="Spurious">Whether its reward says nothing of the answer.</param>
/// <param name="Score">The primary metric.</param>
/// <param name="Gain">Over the base.</param>
public sealed record StudyArm(string Arm, bool Spurious, double? Score, double? Gain);

/// <summary>JSON of a study.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Study))]
public sealed partial class StudyJson : JsonSerializerContext;
