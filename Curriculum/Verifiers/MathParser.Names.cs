using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    private Quotient Name(string letter)
    {
        if (Peek.Is("_"))
            letter = $"{letter}_{Subscript()}";
        var primes = Primes();
        if (primes > 0)
            letter += new string('\'', primes);
        // f^{-1}(x) is the inverse's value.
        if (letter is "f" or "g" or "h" && _at + 5 < tokens.Count && Peek.Is("^") && tokens[_at + 1].Is("{") && tokens[_at + 2].Is("-") && tokens[_at + 3].Text == "1"
            && tokens[_at + 4].Is("}") && tokens[_at + 5].Is("("))
        {
            _at += 6;
            return Bracketed('(') is Scalar inverse ? Quotient.Function($"{letter}⁻", work, Bare(inverse)) : throw new UnreadableException("A function of something other than numbers.");
        }

        // P(0) is no multiple of P.
        if (Peek is { Spaced: false } && Peek.Is("(") && (letter[0] is 'f' or 'g' or 'h' || primes > 0 || char.IsAsciiLetterUpper(letter[0])) && (letter.Length == 1 || primes > 0))
        {
            _at++;
            return Bracketed('(') switch
            {
                Scalar argument => Quotient.Function(letter, work, Bare(argument)),
                Sequence { Open: '(', Close: ')' } several => Quotient.Function(letter, work, [.. several.Items.Select(Bare)]),
                _ => throw new UnreadableException("A function of something other than numbers."),
            };
        }

        return Quotient.Atom(letter);
    }

    // f', f'', f^{\prime}
    private int Primes()
    {
        var (primes, braces, at) = (0, 0, _at);
        if (Peek.Is("^"))
        {
            at++;
            braces = at < tokens.Count && tokens[at].Is("{") ? 1 : 0;
            at += braces;
        }

        for (; at < tokens.Count && tokens[at].Is("'"); at++)
            primes++;
        if (primes == 0 || (braces == 1 && !(at < tokens.Count && tokens[at].Is("}"))))
            return 0;
        _at = at + braces;
        return primes;
    }

    private string Subscript()
    {
        _at++;
        var token = Peek;
        _at++;
        if (token.Kind is MathTokenKind.Number or MathTokenKind.Letter or MathTokenKind.Words)
            return token.Text;
        if (!token.Is("{"))
            throw new UnreadableException("A subscript that is neither a number nor a letter.");
        var written = "";
        for (; Peek.Kind is MathTokenKind.Number or MathTokenKind.Letter or MathTokenKind.Words || Peek.Is("+") || Peek.Is("-"); _at++)
            written += Peek.Text;
        if (written.Length == 0 || !Peek.Is("}"))
            throw new UnreadableException("A subscript that is neither a number nor a letter.");
        _at++;
        return written;
    }
}
