using System.Diagnostics.CodeAnalysis;
using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>A plan that was read: valid, or everything that is wrong with it.</summary>
public sealed record PlanReading
{
    /// <summary>The plan with every default filled in; null where there are violations.</summary>
    public RunPlan? Plan { get; init; }

    /// <summary>The plan with stand-ins for what is broken, so that what it names can be looked up in the same pass; null where the document is no plan at all.</summary>
    public RunPlan? Draft { get; init; }

    /// <summary>Whether a value of the draft is what was submitted, by its JSON pointer.</summary>
    public Func<string, bool> IsSound { get; init; } = _ => true;

    /// <summary>The plan's hash; null where there are violations.</summary>
    public string? Hash { get; init; }

    /// <summary>All violations: those of the structure in the order of the document, then those of the rules; at most <see cref="PlanReader.MaxViolations"/> and a line that counts the rest.</summary>
    public required IReadOnlyList<PlanViolation> Violations { get; init; }

    [MemberNotNullWhen(true, nameof(Plan), nameof(Hash))]
    public bool Valid => Plan is not null && Hash is not null;
}

/// <summary>One thing that is wrong with a plan.</summary>
/// <param name="Pointer">JSON pointer (RFC 6901) to the value, or to where a missing one belongs; empty for the document.</param>
/// <param name="Message">What was expected and what was found.</param>
public sealed record PlanViolation(string Pointer, string Message);
