using System.Text.Json.Serialization;
using Curriculum.Plans;

namespace Curriculum.Evaluation.Audits;

/// <summary>What the audit says of a benchmark.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Recital>))]
public enum Recital
{
    /// <summary>The base does not know its questions.</summary>
    [JsonStringEnumMemberName("cleared")]
    Cleared,

    /// <summary>Between the thresholds.</summary>
    [JsonStringEnumMemberName("suspect")]
    Suspect,

    /// <summary>The base recites it.</summary>
    [JsonStringEnumMemberName("recited")]
    Recited,
}

/// <summary>What a benchmark is good for.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Standing>))]
public enum Standing
{
    /// <summary>New by its making or its day, and not known to the base.</summary>
    [JsonStringEnumMemberName("clean")]
    Clean,

    /// <summary>It may have been in the pretraining text.</summary>
    [JsonStringEnumMemberName("suspect")]
    Suspect,

    /// <summary>The base recites it: it supports no win.</summary>
    [JsonStringEnumMemberName("recited")]
    Recited,
}

/// <summary>A benchmark's standing and why.</summary>
public sealed record BenchmarkStanding
{
    public required string Benchmark { get; init; }

    public required Standing Standing { get; init; }

    public required string Reason { get; init; }

    /// <summary>Seed of a generated benchmark.</summary>
    public int? GeneratedFromSeed { get; init; }

    public string? Released { get; init; }

    /// <summary>The base's cutoff, where the plan states it.</summary>
    public string? Cutoff { get; init; }

    public BenchmarkAudit? Audit { get; init; }

    /// <summary>By construction or by its day, unless the audit knows better: what is recited is recited however new it should be.</summary>
    public static BenchmarkStanding Of(BenchmarkPlan benchmark, BasePlan start, BenchmarkAudit? audit)
    {
        var (standing, reason) = ByOrigin(benchmark, start);
        if (audit is { Recital: Recital.Recited })
            (standing, reason) = (Standing.Recited, $"The base completes {Words.Percent(audit.Completion.Value)} of its cut questions word for word. {reason}");
        else if (audit is { Recital: Recital.Suspect } && standing == Standing.Clean)
            (standing, reason) = (Standing.Suspect, $"The base completes {Words.Percent(audit.Completion.Value)} of its cut questions word for word, neither few enough to clear it nor enough to call it recited. {reason}");
        else if (audit is not null)
            reason = $"{reason} The base completes {Words.Percent(audit.Completion.Value)} of its cut questions.";
        return new()
        {
            Benchmark = benchmark.Name,
            Standing = standing,
            Reason = reason,
            GeneratedFromSeed = benchmark.Dataset is null ? benchmark.Seed : null,
            Released = benchmark.Released,
            Cutoff = start.Cutoff,
            Audit = audit,
        };
    }

    private static (Standing Standing, string Reason) ByOrigin(BenchmarkPlan benchmark, BasePlan start)
    {
        if (benchmark.Dataset is null)
            return (Standing.Clean, $"Generated from seed {benchmark.Seed}: new by construction.");
        if (start.Cutoff is null || benchmark.Released is null)
            return (Standing.Suspect, $"Read from {benchmark.Dataset}; {(start.Cutoff is null ? "the base's cutoff" : "the day of its release")} is not stated.");

        // Days as yyyy-MM-dd are in the order of their text.
        return string.CompareOrdinal(benchmark.Released, start.Cutoff) > 0
            ? (Standing.Clean, $"Released on {benchmark.Released}, after the base's cutoff of {start.Cutoff}.")
            : (Standing.Suspect, $"Released on {benchmark.Released}, not after the base's cutoff of {start.Cutoff}.");
    }
}
