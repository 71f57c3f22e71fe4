using System.Collections.Frozen;
using System.Text;

namespace Curriculum.Verifiers;

/// <summary>Cuts an answer, LaTeX or plain, into tokens.</summary>
internal sealed class MathLexer
{
    /// <summary>What the parser sees of a matrix, and of words that join.</summary>
    public const string BeginMatrix = "⟦";
    public const string EndMatrix = "⟧";
    public const string NextRow = "⏎";
    public const string And = "∧";
    public const string Or = "∨";

    private const int MaxNesting = 4;

    private static readonly FrozenSet<string> Skipped = FrozenSet.Create(
        StringComparer.Ordinal, "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "rm", "bf", "it");

    private static readonly FrozenSet<string> TextCommands = FrozenSet.Create(
        StringComparer.Ordinal, "text", "textbf", "textit", "textrm", "textsc", "textnormal", "mathrm", "mathbf", "mathit", "mathsf", "mbox", "hbox", "operatorname");

    private static readonly FrozenSet<string> Functions = FrozenSet.Create(
        StringComparer.Ordinal, "sin", "cos", "tan", "cot", "sec", "csc", "arcsin", "arccos", "arctan", "sinh", "cosh", "tanh", "log", "ln", "lg", "exp", "sqrt");

    private static readonly FrozenSet<string> Greek = FrozenSet.Create(
        StringComparer.Ordinal, "alpha", "beta", "gamma", "delta", "epsilon", "varepsilon", "zeta", "eta", "theta", "vartheta", "kappa", "lambda", "mu", "nu", "xi", "pi",
        "rho", "sigma", "tau", "phi", "varphi", "chi", "psi", "omega", "ell", "Gamma", "Delta", "Theta", "Lambda", "Pi", "Sigma", "Phi", "Psi", "Omega");

    private static readonly FrozenDictionary<string, string> Signs = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["cdot"] = "*",
        ["times"] = "*",
        ["ast"] = "*",
        ["div"] = "/",
        ["pm"] = "±",
        ["le"] = "≤",
        ["leq"] = "≤",
        ["leqslant"] = "≤",
        ["ge"] = "≥",
        ["geq"] = "≥",
        ["geqslant"] = "≥",
        ["lt"] = "<",
        ["gt"] = ">",
        ["ne"] = "≠",
        ["neq"] = "≠",
        ["circ"] = "∘",
        ["degree"] = "°",
        ["cup"] = "∪",
        ["setminus"] = "∖",
        ["smallsetminus"] = "∖",
        ["in"] = "∈",
        ["lvert"] = "|",
        ["rvert"] = "|",
        ["vert"] = "|",
        ["lbrace"] = "\\{",
        ["rbrace"] = "\\}",
        ["lbrack"] = "[",
        ["rbrack"] = "]",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<char, string> Unicode = new Dictionary<char, string>
    {
        ['−'] = "-",
        ['–'] = "-",
        ['×'] = "*",
        ['·'] = "*",
        ['⋅'] = "*",
        ['∙'] = "*",
        ['÷'] = "/",
        ['≤'] = "≤",
        ['≥'] = "≥",
        ['≠'] = "≠",
        ['±'] = "±",
        ['∪'] = "∪",
        ['∈'] = "∈",
        ['°'] = "°",
        ['％'] = "%",
        ['，'] = ",",
        ['（'] = "(",
        ['）'] = ")",
    }.ToFrozenDictionary();

    private readonly string _text;
    private readonly WorkBound _work;
    private readonly int _nesting;
    private readonly List<MathToken> _tokens = [];
    private int _at;
    private int _brackets;
    private bool _spaced;

    private MathLexer(string text, WorkBound work, int nesting) => (_text, _work, _nesting) = (text, work, nesting);

    /// <exception cref="UnreadableException">A sign or command is not understood.</exception>
    public static List<MathToken> Read(string text, WorkBound work, int nesting = 0)
    {
        if (nesting > MaxNesting)
            throw new UnreadableException("Text nested in text.");
        var lexer = new MathLexer(nesting == 0 ? MathDelimiters.Removed(text) : text, work, nesting);
        while (lexer._at < text.Length)
        {
            work.Spend(1);
            lexer.Next();
        }

        return lexer._tokens;
    }

    /// <summary>The text without what only sets it: spaces (but between two letters or digits), delimiters, sizes of brackets and fractions.</summary>
    public static string Plain(string text)
    {
        var bare = new StringBuilder(MathDelimiters.Removed(text).Replace("\\$", "$", StringComparison.Ordinal).Replace("\\dfrac", "\\frac", StringComparison.Ordinal).Replace("\\tfrac", "\\frac", StringComparison.Ordinal));
        foreach (var sizing in (string[])["\\!", "\\,", "\\;", "\\:", "\\ ", "\\left(", "\\right)", "\\left[", "\\right]"])
            bare.Replace(sizing, sizing[^1] is '(' or ')' or '[' or ']' ? sizing[^1..] : " ");
        var set = bare.ToString();
        var plain = new StringBuilder();
        for (var i = 0; i < set.Length; i++)
        {
            if (!char.IsWhiteSpace(set[i]))
            {
                plain.Append(set[i]);
                continue;
            }

            while (i + 1 < set.Length && char.IsWhiteSpace(set[i + 1]))
                i++;
            if (plain.Length > 0 && i + 1 < set.Length && char.IsLetterOrDigit(plain[^1]) && char.IsLetterOrDigit(set[i + 1]))
                plain.Append(' ');
        }

        return plain.ToString();
    }

    private void Next()
    {
        var character = _text[_at];
        if (char.IsWhiteSpace(character) || character == '~')
        {
            _at++;
            _spaced = true;
        }
        else if (character == '\\')
        {
            Command();
        }
        else if (char.IsAsciiDigit(character) || (character == '.' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1])))
        {
            Number();
        }
        else if (char.IsAsciiLetter(character))
        {
            var start = _at;
            while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
                _at++;
            Word(_text[start.._at]);
        }
        else
        {
            _at++;
            Sign(character);
        }
    }

    private void Add(MathTokenKind kind, string text)
    {
        if (kind == MathTokenKind.Sign && text is "(" or "[" or "\\{")
            _brackets++;
        else if (kind == MathTokenKind.Sign && text is ")" or "]" or "\\}")
            _brackets--;
        if (kind == MathTokenKind.Words && _tokens.Count > 0 && _tokens[^1] is { Kind: MathTokenKind.Words } before)
            _tokens[^1] = before with { Text = $"{before.Text} {text}" };
        else
            _tokens.Add(new(kind, text, _spaced));
        _spaced = false;
    }

    private void Sign(char character)
    {
        switch (character)
        {
            case 'π':
                Add(MathTokenKind.Letter, "pi");
                return;
            case '∞':
                Add(MathTokenKind.Command, "infty");
                return;
            case '√':
                Add(MathTokenKind.Command, "sqrt");
                return;
            case '²' or '³':
                Add(MathTokenKind.Sign, "^");
                Add(MathTokenKind.Number, character == '²' ? "2" : "3");
                return;
            case '½' or '¼' or '¾':
                // Written as 1/2 after a number, so that 1½ is read as a mixed number.
                _spaced = true;
                Add(MathTokenKind.Number, character == '¾' ? "3" : "1");
                Add(MathTokenKind.Sign, "/");
                Add(MathTokenKind.Number, character == '½' ? "2" : "4");
                return;
            case '€' or '£' or '¥':
                throw new UnreadableException($"The currency sign {character}.");
        }

        if (Unicode.TryGetValue(character, out var sign))
        {
            Add(MathTokenKind.Sign, sign);
            return;
        }

        var next = _at < _text.Length ? _text[_at] : '\0';
        var pair = (character, next) switch
        {
            ('*', '*') => "^",
            ('<', '=') => "≤",
            ('>', '=') => "≥",
            ('!', '=') => "≠",
            ('=', '=') => "=",
            _ => null,
        };
        if (pair is not null)
            _at++;
        Add(MathTokenKind.Sign, pair ?? ("+-*/^_=<>()[]{}|!%,;:&$".Contains(character, StringComparison.Ordinal)
            ? character.ToString()
            : throw new UnreadableException($"The sign {character} (U+{(int)character:X4}).")));
    }

    private void Command()
    {
        var start = ++_at;
        while (_at < _text.Length && char.IsAsciiLetter(_text[_at]))
            _at++;
        if (_at == start)
        {
            var sign = _at < _text.Length ? _text[_at++] : ' ';
            switch (sign)
            {
                case '!':
                    return;
                case ',' or ';' or ':' or ' ':
                    _spaced = true;
                    return;
                case '{' or '}':
                    Add(MathTokenKind.Sign, $"\\{sign}");
                    return;
                case '\\':
                    // The next row of a matrix.
                    Add(MathTokenKind.Sign, NextRow);
                    return;
                case '%' or '|' or '$':
                    Add(MathTokenKind.Sign, sign.ToString());
                    return;
                default:
                    throw new UnreadableException($"The command \\{sign}.");
            }
        }

        var name = _text[start.._at];
        if (Skipped.Contains(name))
            return;
        if (TextCommands.Contains(name))
            Text();
        else if (name is "mathbb" or "Bbb")
            Add(MathTokenKind.Letter, $"mathbb {Braced(name)}");
        else if (name is "begin" or "end")
            Environment(name);
        else if (name is "quad" or "qquad")
            _spaced = true;
        else if (Signs.TryGetValue(name, out var sign))
            Add(MathTokenKind.Sign, sign);
        else if (Greek.Contains(name))
            Add(MathTokenKind.Letter, name);
        else if (name is "frac" or "dfrac" or "tfrac" or "cfrac" or "binom" or "dbinom" or "tbinom")
            Arguments(name.EndsWith("frac", StringComparison.Ordinal) ? "frac" : "binom");
        else if (Functions.Contains(name) || name is "infty" or "overline" or "bar")
            Add(MathTokenKind.Command, name == "bar" ? "overline" : name);
        else
            throw new UnreadableException($"The command \\{name}.");
    }

    private void Environment(string name)
    {
        var kind = Braced(name);
        if (kind is not ("pmatrix" or "bmatrix" or "matrix" or "smallmatrix"))
            throw new UnreadableException($"The environment {kind}.");
        Add(MathTokenKind.Sign, name == "begin" ? BeginMatrix : EndMatrix);
    }

    private string Braced(string command)
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        var end = _at < _text.Length && _text[_at] == '{' ? _text.IndexOf('}', _at) : -1;
        if (end < 0)
            throw new UnreadableException($"The command \\{command} without its braces.");
        var content = _text[(_at + 1)..end].Trim();
        _at = end + 1;
        return content;
    }

    // \frac12 is a half: without braces an argument is one digit.
    private void Arguments(string command)
    {
        Add(MathTokenKind.Command, command);
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        for (var left = 2; left > 0 && _at < _text.Length && char.IsAsciiDigit(_text[_at]); left--)
            Add(MathTokenKind.Number, _text[_at++].ToString());
        if (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            throw new UnreadableException("A fraction without braces that is followed by a digit.");
    }

    private void Text()
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        var end = _at;
        for (var depth = 0; end < _text.Length; end++)
        {
            depth += _text[end] == '{' ? 1 : _text[end] == '}' ? -1 : 0;
            if (depth == 0)
                break;
        }

        if (_at >= _text.Length || _text[_at] != '{' || end >= _text.Length)
            throw new UnreadableException("A text command without its braces.");
        var content = _text[(_at + 1)..end].Trim().Trim('.').Trim();
        _at = end + 1;
        if (content.Length == 0)
            _spaced = true;
        else if (char.IsLetter(content[0]) && Units.IsUnit(content))
            Add(MathTokenKind.Words, content.Length == 1 ? content : content.ToLowerInvariant());
        else
            foreach (var token in Read(content, _work, _nesting + 1))
            {
                _spaced |= token.Spaced;
                Add(token.Kind, token.Text);
            }
    }

    private void Word(string word)
    {
        var lower = word.ToLowerInvariant();
        if (lower is "and" or "or")
            Add(MathTokenKind.Sign, lower == "and" ? And : Or);
        else if (word is "pi" or "Pi" or "PI")
            Add(MathTokenKind.Letter, "pi");
        else if (lower is "infinity")
            Add(MathTokenKind.Command, "infty");
        else if (Functions.Contains(word))
            Add(MathTokenKind.Command, word);
        // The segment AB is not BA times anything, nor IX the product of I and X.
        else if (word.Length == 2 && word.All(char.IsAsciiLetterUpper))
            Add(MathTokenKind.Letter, word);
        else if (word.Length > 2 || (word.Length == 2 && (Units.IsUnit(word) || lower is "no")))
            Add(MathTokenKind.Words, lower);
        else
            foreach (var letter in word)
                Add(MathTokenKind.Letter, letter.ToString());
    }

    private void Number()
    {
        var number = new StringBuilder();
        Digits(number);
        // AIME writes 025; 12:05 is a time, (1,000) one number or two, and 00.5 nothing that is written.
        if (number.Length > 1 && number[0] == '0')
        {
            if (_at < _text.Length && _text[_at] is '.' or ':' || _tokens is [.., { Text: ":" }] || (_tokens is [.., { Text: "," }] && !_spaced))
                throw new UnreadableException("A number that begins with 0.");
            while (number.Length > 1 && number[0] == '0')
                number.Remove(0, 1);
        }
        else if (_brackets == 0)
        {
            Thousands(number);
        }

        if (_at < _text.Length && _text[_at] == '.')
            Decimals(number);
        var decimals = number.ToString().Contains('.', StringComparison.Ordinal);
        if (_at + 1 < _text.Length && _text[_at] is 'e' or 'E'
            && (char.IsAsciiDigit(_text[_at + 1]) || (_text[_at + 1] is '+' or '-' && _at + 2 < _text.Length && char.IsAsciiDigit(_text[_at + 2]))))
        {
            if (!decimals && _text[_at + 1] is '+' or '-')
                throw new UnreadableException("A number, e and a sign: a power of ten, or Euler's number.");
            number.Append('e').Append(_text[_at + 1]);
            _at += 2;
            Digits(number);
        }

        Add(MathTokenKind.Number, number.ToString());
    }

    // Inside brackets a comma parts two numbers.
    private void Thousands(StringBuilder number)
    {
        if (number.Length is 0 or > 3 || number[0] == '0')
            return;
        while (Separator() is var separator and > 0)
        {
            number.Append(_text, _at + separator, 3);
            _at += separator + 3;
            if (_at + 1 < _text.Length && _text[_at] == ',' && char.IsAsciiDigit(_text[_at + 1]) && Separator() == 0)
                throw new UnreadableException("Commas that are neither all between thousands nor all between numbers.");
        }
    }

    private int Separator()
    {
        foreach (var separator in (string[])[",\\!", "{,}", "\\,", "\\ ", "~", " ", "\u00a0", "\u202f", ","])
        {
            var digits = _at + separator.Length;
            while (separator == ",\\!" && digits < _text.Length && _text[digits] == ' ')
                digits++;
            if (_text.AsSpan(_at).StartsWith(separator, StringComparison.Ordinal) && digits + 3 <= _text.Length
                && char.IsAsciiDigit(_text[digits]) && char.IsAsciiDigit(_text[digits + 1]) && char.IsAsciiDigit(_text[digits + 2])
                && (digits + 3 == _text.Length || !(char.IsAsciiDigit(_text[digits + 3]) || _text[digits + 3] == '/')))
            {
                return digits - _at;
            }
        }

        return 0;
    }

    private void Decimals(StringBuilder number)
    {
        var rest = _text.AsSpan(_at + 1);
        if (rest.Length > 0 && char.IsAsciiDigit(rest[0]))
        {
            number.Append('.');
            _at++;
            Digits(number);
        }
        else if (rest.StartsWith("\\overline", StringComparison.Ordinal) || rest.StartsWith("\\bar", StringComparison.Ordinal))
        {
            number.Append('.');
            _at++;
        }
        else if (rest.IsWhiteSpace())
        {
            _at = _text.Length;
        }
        else
        {
            throw new UnreadableException("A point inside the answer that is no decimal point.");
        }
    }

    private void Digits(StringBuilder number)
    {
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
            number.Append(_text[_at++]);
    }
}
