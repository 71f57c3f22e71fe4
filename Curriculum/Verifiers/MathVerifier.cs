namespace Curriculum.Verifiers;

/// <summary>Decides whether a completion's final answer is the reference, exactly.</summary>
/// <remarks>
/// Numbers are rationals, roots are powers of primes, symbols are polynomials: two answers are equal because their canonical forms are, never because
/// two floating-point numbers are close. What is ambiguous or not understood is not accepted, unless it is written like the reference: a false positive
/// teaches the policy something wrong, a false negative costs one sample. Never throws; the work is bounded and its end is an outcome.
/// </remarks>
public static class MathVerifier
{
    private const string Alike = "Written like the reference.";

    /// <summary>Judges the answer that a completion ends with; see <see cref="AnswerText"/> for where it is looked for.</summary>
    public static MathVerdict Verify(string completion, string reference)
    {
        var verdict = AnswerText.Find(completion) is { } answer
            ? Compare(answer, reference)
            : new(MathOutcome.NoAnswer, null, "Expected \\boxed{...}, ####, one line with nothing but an answer, or a sentence that ends with it.");
        if (verdict.Outcome is not (MathOutcome.NoAnswer or MathOutcome.Unreadable))
            return verdict;
        // A reference of several lines can be copied.
        if (completion.Length <= AnswerText.MaxLength && PlainText.Of(completion) is { Length: > 0 } plain && plain == PlainText.Of(reference))
            return new(MathOutcome.Equal, completion, Alike);
        foreach (var stated in (string?[])[LastMathematics.Find(completion), FinalStatement.Find(completion)])
        {
            if (stated is not null && Compare(stated, reference) is { Accepted: true } found)
                return found;
        }

        return verdict;
    }

    /// <summary>Judges an answer that stands by itself.</summary>
    public static MathVerdict Compare(string answer, string reference)
    {
        if (answer.Length > AnswerText.MaxLength || reference.Length > AnswerText.MaxLength)
            return new(MathOutcome.Unreadable, answer, $"Expected at most {AnswerText.MaxLength} characters.");
        (answer, reference) = (AnswerText.Bare(answer), AnswerText.Bare(reference));
        var work = new WorkBound();
        try
        {
            if (PlainText.Of(answer) is { Length: > 0 } plain && plain == PlainText.Of(reference))
                return new(MathOutcome.Equal, answer, Alike);
            if (AnswerText.Unescaped(reference) is var unescaped && unescaped != reference)
                return Compare(answer, unescaped);
            var expected = Read(reference, work, isReference: true).Value;
            if (expected is null)
                return new(MathOutcome.Unreadable, answer, $"The reference '{reference}' is not understood, and the answer is not written like it.");
            var found = Read(answer, work);
            if (found.Value is null)
                return new(MathOutcome.Unreadable, answer, found.Reason);
            return MathValue.Same(expected, found.Value, work) || (DecimalComma(answer, expected) is { } point && Read(point, work).Value is { } number && MathValue.Same(expected, number, work))
                ? new(MathOutcome.Equal, answer, "The same value.")
                : new(MathOutcome.Different, answer, $"Expected {reference}, found {answer}.");
        }
        catch (OutOfWorkException)
        {
            return new(MathOutcome.OutOfWork, answer, $"Not decided within {WorkBound.Steps} steps and numbers of {WorkBound.MaxBits} bits.");
        }
    }

    /// <summary>The answer that a completion ends with; null where there is none.</summary>
    public static string? AnswerOf(string completion) => AnswerText.Find(completion);

    /// <summary>An answer in a form that equal numbers share: lowest terms; other answers without white space and sizing.</summary>
    public static string Normal(string answer)
    {
        try
        {
            return Read(answer, new()).Value is Scalar { Value.Constant: { } number } value && (value.Unit is null || value.IsNotation) ? number.ToString() : PlainText.Of(answer);
        }
        catch (OutOfWorkException)
        {
            return PlainText.Of(answer);
        }
    }

    /// <summary>What keeps a text from being a reference: null where it can be one.</summary>
    public static string? Fault(string reference)
    {
        if (reference.Trim().Length == 0)
            return "Expected an answer, found none.";
        if (reference.Length > AnswerText.MaxLength)
            return $"Expected an answer of at most {AnswerText.MaxLength} characters, found {reference.Length}.";
        // Nothing could ever be equal to it, itself included.
        return PlainText.Of(AnswerText.Bare(reference)).Length == 0 && !Understands(reference) ? $"Expected an answer, found spacing and delimiters alone: '{reference}'." : null;
    }

    /// <summary>Whether a text is understood as mathematics, and not only comparable as written.</summary>
    public static bool Understands(string reference)
    {
        try
        {
            return reference.Length <= AnswerText.MaxLength && Read(reference, new(), isReference: true).Value is not null;
        }
        catch (OutOfWorkException)
        {
            return false;
        }
    }

    // 3,14 where one number that is no integer is asked for: nobody lists 3 and 14 then.
    private static string? DecimalComma(string answer, MathValue expected)
    {
        var comma = answer.IndexOf(',', StringComparison.Ordinal);
        var rest = answer.AsSpan(comma + 1);
        return comma > 0 && expected is Scalar { Value.Constant: { IsInteger: false } } && rest.Length is > 0 and not 3 && rest.IndexOfAnyExceptInRange('0', '9') < 0
            && answer.AsSpan(0, comma).TrimStart('-').IndexOfAnyExceptInRange('0', '9') < 0
            ? $"{answer[..comma]}.{rest}"
            : null;
    }

    private static (MathValue? Value, string Reason) Read(string text, WorkBound work, bool isReference = false)
    {
        try
        {
            return (new MathParser(MathLexer.Read(text, work), work, isReference).Answer(), "");
        }
        catch (UnreadableException unreadable)
        {
            return (null, unreadable.Message);
        }
    }
}
