namespace Curriculum.Verifiers;

/// <summary>One token of an answer.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">A number without separators, a letter's or command's name, words in lower case, or a sign.</param>
/// <param name="Spaced">Whether white space comes before it.</param>
internal readonly record struct MathToken(MathTokenKind Kind, string Text, bool Spaced)
{
    public bool Is(string sign) => Kind == MathTokenKind.Sign && Text == sign;
}

/// <summary>The kinds of token.</summary>
internal enum MathTokenKind
{
    End,
    Number,
    Letter,
    Command,
    Words,
    Sign,
}
