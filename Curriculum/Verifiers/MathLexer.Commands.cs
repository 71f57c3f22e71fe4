namespace Curriculum.Verifiers;

internal sealed partial class MathLexer
{
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
        if (MathSymbols.Skipped.Contains(name))
            return;
        if (MathSymbols.TextCommands.Contains(name))
            Text();
        else if (name is "mathbb" or "Bbb")
            Add(MathTokenKind.Letter, $"mathbb {Braced(name)}");
        else if (name is "begin" or "end")
            Environment(name);
        else if (name.StartsWith("quad", StringComparison.Ordinal) || name.StartsWith("qquad", StringComparison.Ordinal))
            Quad(start);
        else if (MathSymbols.Nothing.Contains(name))
            Add(MathTokenKind.Words, "∅");
        else if (MathSymbols.Accents.Contains(name))
            Accent(name);
        else if (name is "angle" or "triangle")
            Figure(name);
        else if (name is "hline")
            _spaced = true;
        else if (MathSymbols.Signs.TryGetValue(name, out var sign))
            Add(MathTokenKind.Sign, sign);
        else if (MathSymbols.Greek.Contains(name))
            Add(MathTokenKind.Letter, name);
        else if (name is "frac" or "dfrac" or "tfrac" or "cfrac" or "binom" or "dbinom" or "tbinom")
            Arguments(name.EndsWith("frac", StringComparison.Ordinal) ? "frac" : "binom");
        else if (MathSymbols.Functions.Contains(name) || name is "infty" or "sum" or "prod")
            Add(MathTokenKind.Command, name);
        else
            throw new UnreadableException($"The command \\{name}.");
    }

    private void Environment(string name)
    {
        var kind = Braced(name);
        if (kind == "array")
        {
            if (name == "begin")
                Braced(kind);
        }
        else if (kind is not ("pmatrix" or "bmatrix" or "matrix" or "smallmatrix"))
        {
            throw new UnreadableException($"The environment {kind}.");
        }

        Add(MathTokenKind.Sign, name == "begin" ? BeginMatrix : EndMatrix);
    }

    // \quadx is \quad x to people, and an unknown command to LaTeX.
    private void Quad(int start)
    {
        _at = start + (_text[start] == 'q' && _text[start + 1] == 'q' ? "qquad" : "quad").Length;
        _spaced = true;
    }

    // \vec{v} is a name, and \overline{AB}; a line above digits repeats them.
    private void Accent(string name)
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        if (name is "overline" or "bar" && _at < _text.Length && (char.IsAsciiDigit(_text[_at]) || (_text[_at] == '{' && _at + 1 < _text.Length && char.IsAsciiDigit(_text[_at + 1]))))
        {
            Add(MathTokenKind.Command, "overline");
            return;
        }

        var under = _at < _text.Length && char.IsAsciiLetter(_text[_at]) ? _text[_at++].ToString() : Braced(name);
        if (under.StartsWith("\\mathbf{", StringComparison.Ordinal))
            under = under["\\mathbf{".Length..];
        if (under.Length is 0 or > 3 || !under.All(char.IsAsciiLetter))
            throw new UnreadableException($"The command \\{name} over something that is no name.");
        Add(MathTokenKind.Letter, $"{(name == "overline" ? "bar" : name)} {under}");
    }

    private void Figure(string name)
    {
        while (_at < _text.Length && _text[_at] == ' ')
            _at++;
        var start = _at;
        while (_at < _text.Length && char.IsAsciiLetterUpper(_text[_at]))
            _at++;
        if (_at == start)
            throw new UnreadableException($"The command \\{name} without capital letters after it.");
        Add(MathTokenKind.Letter, $"{name} {_text[start.._at]}");
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
        var content = _text[(_at + 1)..end].Trim().Trim('.', '~').Trim();
        _at = end + 1;
        if (content.Length == 0)
            _spaced = true;
        else if (content.Split('/') is [var above, var below] && Units.IsUnit(above.Trim()) && Units.IsUnit(below.Trim()))
            Add(MathTokenKind.Words, $"{above.Trim()} per {below.Trim()}");
        else if (char.IsLetter(content[0]) && Units.IsUnit(content))
            Add(MathTokenKind.Words, content.Length == 1 ? content : content.ToLowerInvariant());
        else
            foreach (var token in Read(content, _work, _nesting + 1))
            {
                _spaced |= token.Spaced;
                Add(token.Kind, token.Text);
            }
    }
}
