namespace Curriculum.Verifiers;

/// <summary>How an answer stands to its reference.</summary>
/// <param name="Outcome">The label.</param>
/// <param name="Answer">What was taken for the answer; null where none was found.</param>
/// <param name="Reason">In words, for whoever reads a rejected answer.</param>
public sealed record MathVerdict(MathOutcome Outcome, string? Answer, string Reason)
{
    public bool Accepted => Outcome == MathOutcome.Equal;
}

/// <summary>The labels of a math verdict.</summary>
public enum MathOutcome
{
    /// <summary>The same value, exactly.</summary>
    Equal,

    /// <summary>Read, and not shown to be the same.</summary>
    Different,

    /// <summary>No <c>\boxed{}</c>, no <c>####</c>, and the text is no answer by itself.</summary>
    NoAnswer,

    /// <summary>Not mathematics that is understood here, or ambiguous; accepted only where it is written like the reference.</summary>
    Unreadable,

    /// <summary>The bound on the work was reached: the timeout of a verifier that must say the same on every machine.</summary>
    OutOfWork,
}
