using System.Text;

namespace Curriculum.Verifiers;

internal sealed partial class MathLexer
{
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
