using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Admission;

/// <summary>Written sequences that go on with an expert's steps.</summary>
internal static class WrittenText
{
    /// <summary>A completion after a label, the question and the steps before <paramref name="step"/>, null for a whole solution; for a chat template also where these steps begin.</summary>
    public static WrittenSequence Of(Problem problem, int? step, string label, string completion, bool chat)
    {
        var family = ProblemFamilies.Get(problem.Family);
        var prompt = label + family.Prompt(problem, step);
        return new(prompt, completion, AnswerAt: chat && family.Begun(problem, step).Length is > 0 and var begun ? prompt.Length - begun : null);
    }

    /// <summary>An expert's step; in a chat template it ends the turn where the family's steps do.</summary>
    public static WrittenSequence OfStep(Problem problem, int step, bool chat)
    {
        var text = problem.Steps[step];
        var ends = chat && ProblemFamilies.Get(problem.Family).Stop(step: true) == Gsm8k.End && !text.EndsWith(Gsm8k.End);
        return Of(problem, step, "", ends ? text.TrimEnd() + Gsm8k.End : text, chat);
    }
}
