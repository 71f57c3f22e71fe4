using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Submission;

/// <summary>What makes two plans the same plan.</summary>
public static class PlanHash
{
    /// <summary>SHA-256 of the canonical bytes, lower-case hex; the formatting and order of the submitted text do not matter, nor whether a default was written out.</summary>
    public static string Of(RunPlan plan) => Sha256Hex.Of(Canonical(plan));

    /// <summary>The plan's one serialisation: declared order, no white space, every default written out.</summary>
    public static byte[] Canonical(RunPlan plan) => JsonSerializer.SerializeToUtf8Bytes(plan, CurriculumJson.Default.RunPlan);
}
