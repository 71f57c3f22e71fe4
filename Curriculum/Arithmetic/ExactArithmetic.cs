using System.Globalization;

namespace Curriculum.Arithmetic;

/// <summary>Evaluates arithmetic exactly: <c>+ - * /</c>, parentheses, small powers, decimals, percent, thousands separators.</summary>
/// <remarks>
/// <c>x</c>, <c>×</c> and <c>÷</c> are read as <c>*</c> and <c>/</c>; <c>50%</c> is 1/2; a dollar sign before a number says nothing. Reads any text
/// without throwing, in bounded time: texts over <see cref="MaxLength"/> characters, nested deeper than 100 or with powers of more than 100,000
/// bits are not read.
/// </remarks>
public static class ExactArithmetic
{
    public const int MaxLength = 2000;

    private const int MaxDepth = 100;
    private const int MaxExponent = 100;
    private const long MaxBits = 100_000;

    /// <summary>The value of an expression; false where it is none, or divides by zero.</summary>
    public static bool TryEvaluate(ReadOnlySpan<char> text, out Rational value)
    {
        value = default;
        if (text.Length > MaxLength)
            return false;
        var reader = new Reader(text);
        return reader.Sum(out value) && reader.AtEnd;
    }

    private ref struct Reader(ReadOnlySpan<char> text)
    {
        private readonly ReadOnlySpan<char> _text = text;
        private int _at;
        private int _depth;

        public bool AtEnd => Peek() == '\0' && _at == _text.Length;

        public bool Sum(out Rational value)
        {
            if (!Product(out value))
                return false;
            while (Peek() is '+' or '-')
            {
                var add = _text[_at++] == '+';
                if (!Product(out var next))
                    return false;
                value = add ? value + next : value - next;
            }

            return true;
        }

        private bool Product(out Rational value)
        {
            if (!Signed(out value))
                return false;
            while (Peek() is '*' or 'x' or '×' or '/' or '÷')
            {
                var multiply = _text[_at++] is not ('/' or '÷');
                if (!Signed(out var next) || (!multiply && next.IsZero))
                    return false;
                value = multiply ? value * next : value / next;
            }

            return true;
        }

        private bool Signed(out Rational value)
        {
            var negative = false;
            while (Peek() is '+' or '-')
                negative ^= _text[_at++] == '-';
            if (!Power(out value))
                return false;
            if (negative)
                value = -value;
            return true;
        }

        private bool Power(out Rational value)
        {
            if (!Primary(out value))
                return false;
            while (Peek() == '%')
            {
                _at++;
                value /= 100;
            }

            if (Peek() != '^')
                return true;
            _at++;
            Peek();
            var start = _at;
            while (_at < _text.Length && char.IsAsciiDigit(_text[_at]))
                _at++;
            if (!int.TryParse(_text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture, out var exponent) || exponent > MaxExponent
                || exponent * Math.Max(value.Numerator.GetBitLength(), value.Denominator.GetBitLength()) > MaxBits)
            {
                return false;
            }

            value = value.Pow(exponent);
            return true;
        }

        private bool Primary(out Rational value)
        {
            value = default;
            if (Peek() == '(')
            {
                _at++;
                if (++_depth > MaxDepth || !Sum(out value) || Peek() != ')')
                    return false;
                _at++;
                _depth--;
                return true;
            }

            if (Peek() == '$')
                _at++;
            var start = _at;
            while (_at < _text.Length && (char.IsAsciiDigit(_text[_at]) || _text[_at] is '.' or ','))
                _at++;
            return Rational.TryParse(_text[start.._at], out value);
        }

        private char Peek()
        {
            while (_at < _text.Length && _text[_at] == ' ')
                _at++;
            return _at < _text.Length ? _text[_at] : '\0';
        }
    }
}
