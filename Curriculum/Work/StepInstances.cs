using Curriculum.Problems;

namespace Curriculum.Work;

/// <summary>The step-wise prompts that an expert solution gives.</summary>
/// <remarks>
/// N steps give N - 1 instances (arXiv 2510.25992, section 3): instance k = 0 .. N - 2 asks for step k after the question and the steps
/// before it. The last step, the answer line, is no instance: it only repeats what the working has shown.
/// </remarks>
public static class StepInstances
{
    public static int Count(Problem problem) => Math.Max(0, problem.Steps.Count - 1);

    public static IReadOnlyList<RolloutPrompt> Of(Problem problem) =>
        [.. Enumerable.Range(0, Count(problem)).Select(step => new RolloutPrompt { Problem = problem, Step = step })];
}
