using Curriculum.Problems;

namespace Curriculum.Admission;

/// <summary>Audits a problem that no rollout solved: would its verifier accept the reference answer, and does the label agree with the rest?</summary>
public static class LabelAudit
{
    /// <summary>What is wrong with the problem, or null where nothing was found.</summary>
    public static string? Of(Problem problem)
    {
        var family = ProblemFamilies.Get(problem.Family);
        var reference = family.Reference(problem);
        if (!family.Verify(problem, reference).Correct)
            return $"The verifier does not accept the reference answer '{problem.Answer}'.";
        if (problem.Steps.Count > 0 && !family.Verify(problem, string.Concat(problem.Steps)).Correct)
            return $"The expert's solution does not end in the reference answer '{problem.Answer}'.";
        return family.Recompute(problem) is { } recomputed && !family.Verify(problem with { Answer = recomputed }, reference).Correct
            ? $"The question comes to {recomputed}, and the reference answer is '{problem.Answer}'."
            : null;
    }
}
