using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Evaluation.Audits;

/// <summary>A question that was cut short: the prompts of the audit, and how their continuations are judged.</summary>
/// <remarks>
/// The cut is at floor(share x length), no less than one character and no more than all but one. Without a template the policy reads the cut question as it is.
/// With one it reads the same text as the user's turn of the base's chat template. A base without a chat template reads what the family makes of it as a
/// finished question: closed by the question's own last sign where it has one, as the end of the user's turn would close it, and laid out by
/// <see cref="IProblemFamily.Prompt"/>.
/// </remarks>
public sealed record CutQuestion(Problem Problem, double Cut)
{
    /// <summary>Characters that the policy is shown.</summary>
    private int Shown => Math.Clamp((int)Math.Floor(Cut * Problem.Question.Length + 1e-9), 1, Problem.Question.Length - 1);

    public string Head => Problem.Question[..Shown];

    public string Tail => Problem.Question[Shown..];

    /// <summary>What is continued.</summary>
    /// <param name="template">Whether with a template.</param>
    /// <param name="chat">Whether the base has a chat template, which the worker then sets around the text.</param>
    public ContinuePrompt Prompt(bool template, bool chat = false)
    {
        var family = ProblemFamilies.Get(Problem.Family);
        return new(KeyOf(template), template && !chat ? family.Prompt(Problem with { Question = Head + Closing }) : Head, family.Stop(step: false));
    }

    /// <summary>Names the prompt in its item.</summary>
    public string KeyOf(bool template) => FormattableString.Invariant($"{Problem.Id}/{Cut}/{(template ? "template" : "plain")}");

    /// <summary>Judges one continuation.</summary>
    public CutJudgement Judge(string continuation)
    {
        var start = continuation.Length > Tail.Length ? continuation[..Tail.Length] : continuation;
        return new(start == Tail, RougeL.F1(start, Tail), Answers(continuation));
    }

    private string Closing => char.IsLetterOrDigit(Problem.Question[^1]) || Head.EndsWith(Problem.Question[^1]) ? "" : Problem.Question[^1..];

    // Right after the true tail, or else after wherever the policy ended the question; a continuation without an end is judged whole.
    private bool Answers(string continuation)
    {
        var family = ProblemFamilies.Get(Problem.Family);
        var ends = continuation.StartsWith(Tail, StringComparison.Ordinal) ? Tail.Length : continuation.IndexOf(Problem.Question[^1], StringComparison.Ordinal) + 1;
        return family.Verify(Problem, continuation[ends..].TrimStart('\n')).Correct;
    }
}

/// <summary>What one continuation of a cut question came to.</summary>
/// <param name="Exact">Its first characters, as many as the true tail has, are the true tail.</param>
/// <param name="RougeL">Of those characters against the true tail.</param>
/// <param name="Answered">It holds the right answer.</param>
public readonly record struct CutJudgement(bool Exact, double RougeL, bool Answered);
