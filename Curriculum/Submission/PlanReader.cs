using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Submission;

/// <summary>Reads a submitted plan, or reports everything that is wrong with it at once.</summary>
/// <remarks>
/// The structure is held against the schema of <see cref="PlanSchema"/> without stopping at the first violation, and defaults are filled in.
/// What is broken is then stood in for, so that the rules between values (<see cref="PlanRules"/>) can judge the rest in the same pass.
/// </remarks>
public static class PlanReader
{
    /// <summary>Largest plan, in bytes: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Deepest nesting.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most violations listed individually.</summary>
    public const int MaxViolations = 200;

    public static PlanReading Read(string json) => Read(Encoding.UTF8.GetBytes(json));

    public static PlanReading Read(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
            return Refused($"Expected a plan of at most {MaxBytes} bytes, found {utf8.Length}.");
        if (Utf8Text.Fault(utf8) is { } fault)
            return Refused(fault);

        JsonElement document;
        try
        {
            // A plan is written by people: comments and a comma too many do no harm, and are in no hash.
            document = JsonElement.Parse(
                Utf8Text.Content(utf8), new JsonDocumentOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException malformed)
        {
            return Refused($"Expected JSON of at most {MaxDepth} levels: {JsonFault.Words(malformed)}");
        }

        var findings = new PlanFindings(MaxViolations);
        var completed = new PlanStructure(findings).Check(document, PlanSchema.Exported, "");
        // It tells an editor where the schema is, and a run nothing.
        (completed as JsonObject)?.Remove(PlanSchema.Reference);
        var plan = completed.Deserialize(CurriculumJson.Default.RunPlan)
            ?? throw new InvalidOperationException("The completed plan is null.");
        PlanRules.Check(plan, findings);
        return findings.Any
            ? new() { Draft = plan, IsSound = findings.Sound, Violations = findings.List() }
            : new() { Plan = plan, Draft = plan, Hash = PlanHash.Of(plan), Violations = [] };
    }

    private static PlanReading Refused(string message) => new() { Violations = [new("", message)] };
}
