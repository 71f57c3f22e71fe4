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
        else if (name is "quad" or "qquad")
            _spaced = true;
        else if (MathSymbols.Signs.TryGetValue(name, out var sign))
            Add(MathTokenKind.Sign, sign);
        else if (MathSymbols.Greek.Contains(name))
            Add(MathTokenKind.Letter, name);
        else if (name is "frac" or "dfrac" or "tfrac" or "cfrac" or "binom" or "dbinom" or "tbinom")
            Arguments(name.EndsWith("frac", StringComparison.Ordinal) ? "frac" : "binom");
        else if (MathSymbols.Functions.Contains(name) || name is "infty" or "overline" or "bar")
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
}
