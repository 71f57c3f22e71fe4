using System.Globalization;
using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Tests.Verifiers;

/// <remarks>Each writes a value in one of its notations, drawn at random.</remarks>
internal static partial class GeneratedAnswers
{
    private static readonly (string[] Spellings, int PerLargest)[] Lengths = [(["m", "meters", "metres"], 1), (["cm", "centimeters"], 100), (["mm", "millimeters"], 1000)];
    private static readonly string[][] Currencies =
        [["€{0}", "{0} euros", "{0}€", "\\text{{€}}{0}"], ["£{0}", "\\pounds {0}"], ["\\${0}", "{0} dollars", "{0} \\text{{ dollars}}"], ["¥{0}", "{0} yen", "\\yen {0}"]];

    private static string Integer(Random random, int n) => random.Next(6) switch
    {
        0 => n.ToString("N0", CultureInfo.InvariantCulture),
        1 => n.ToString("N0", CultureInfo.InvariantCulture).Replace(",", "{,}", StringComparison.Ordinal),
        2 => n.ToString("N0", CultureInfo.InvariantCulture).Replace(",", ",\\!", StringComparison.Ordinal),
        3 => $"{n}.0",
        4 => $"n{Space(random)}={Space(random)}{n}",
        _ => $"{n}",
    };

    private static string Fraction(Random random, Rational value)
    {
        var (top, bottom) = (BigInteger.Abs(value.Numerator), value.Denominator);
        var (sign, by) = (value < 0 ? "-" : "", random.Next(1, 9));
        var (whole, rest) = (top / bottom, top % bottom);
        return random.Next(7) switch
        {
            0 => $"{sign}{top}/{bottom}",
            1 => $"{sign}\\frac{{{top * by}}}{{{bottom * by}}}",
            2 => $"\\frac{{{sign}{top}}}{{{bottom}}}",
            3 when !whole.IsZero && !rest.IsZero => $"{sign}{whole}\\frac{{{rest}}}{{{bottom}}}",
            4 when !whole.IsZero && !rest.IsZero => $"{sign}{whole} {rest}/{bottom}",
            5 when Decimal(value) is { } written => written,
            6 => $"\\left({Space(random)}{sign}\\frac{{{top}}}{{{bottom}}}\\right)",
            _ => $"{sign}{top}{Space(random)}\\div{{{bottom}}}".Replace("{", " ", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal),
        };
    }

    // Only where it ends.
    private static string? Decimal(Rational value)
    {
        for (var (places, power) = (0, BigInteger.One); places < 6; places++, power *= 10)
        {
            if ((value.Numerator * power % value.Denominator).IsZero)
            {
                var digits = BigInteger.Abs(value.Numerator * power / value.Denominator).ToString(CultureInfo.InvariantCulture).PadLeft(places + 1, '0');
                return $"{(value < 0 ? "-" : "")}{digits[..^places]}{(places > 0 ? "." : "")}{digits[^places..]}";
            }
        }

        return null;
    }

    private static string Surd(Random random, (int A, int B, int C) v) => random.Next(5) switch
    {
        0 => Sum(random, $"{v.A}", Term(v.B, $"\\sqrt{{{v.C}}}")),
        1 => Sum(random, Term(v.B, $"\\sqrt{{{v.C}}}"), $"{v.A}"),
        2 => Sum(random, $"{v.A}", $"{(v.B < 0 ? "-" : "")}\\sqrt{{{v.B * v.B * v.C}}}"),
        3 => $"\\frac{{{Sum(random, $"{3 * v.A}", Term(3 * v.B, $"\\sqrt{{{v.C}}}"))}}}{{3}}",
        _ => Sum(random, $"{v.A}", $"{v.B}\\cdot\\sqrt{{{v.C}}}"),
    };

    private static string Circular(Random random, Rational v) => random.Next(4) switch
    {
        0 => $"\\frac{{{v.Numerator}\\pi}}{{{v.Denominator}}}",
        1 => $"{(v < 0 ? "-" : "")}\\frac{{{BigInteger.Abs(v.Numerator)}}}{{{v.Denominator}}}{Space(random)}\\pi",
        2 => $"{v.Numerator}π/{v.Denominator}",
        _ => $"\\frac{{\\pi\\cdot{v.Numerator * 2}}}{{{v.Denominator * 2}}}",
    };

    private static string Quadratic(Random random, (int A, int B, int C) v)
    {
        string[] terms = [Term(v.A, Pick(random, "x^2", "x^{2}", "x\\cdot x")), Term(v.B, "x"), $"{v.C}"];
        random.Shuffle(terms);
        return Sum(random, terms);
    }

    private static string Factored(Random random, (int P, int Q) v)
    {
        string[] factors = [$"({Sum(random, "x", $"{-v.P}")})", $"({Sum(random, "x", $"{-v.Q}")})"];
        random.Shuffle(factors);
        return Half(random) ? string.Join(Pick(random, "", "\\cdot ", " "), factors) : Sum(random, "x^2", $"{-v.P - v.Q}x", $"{v.P * v.Q}");
    }

    private static string Pair(Random random, (Rational A, Rational B, char Close) v) =>
        $"{Pick(random, "\\left(", "(")}{Space(random)}{Fraction(random, v.A)}, {Fraction(random, v.B)}{Space(random)}{v.Close}".Replace(
            "\\left(", v.Close == ')' && Half(random) ? "(" : "\\left(", StringComparison.Ordinal);

    private static string Interval(Random random, (Rational Low, Rational High, bool Left, bool Right) v) => random.Next(4) switch
    {
        0 => $"{v.Low}{Space(random)}{Less(random, v.Left)} x {Less(random, v.Right)}{Space(random)}{v.High}",
        1 => $"{v.High} {More(random, v.Right)} x {More(random, v.Left)} {v.Low}",
        2 => $"x \\in {(v.Left ? '[' : '(')}{v.Low},{Space(random)}{v.High}{(v.Right ? ']' : ')')}",
        _ => $"\\left{(v.Left ? '[' : '(')}{v.Low}, {v.High}\\right{(v.Right ? ']' : ')')}",
    };

    private static string Ray(Random random, (Rational At, bool Above, bool Closed) v) => random.Next(4) switch
    {
        0 => v.Above ? $"x {More(random, v.Closed)} {v.At}" : $"x {Less(random, v.Closed)} {v.At}",
        1 => v.Above ? $"{v.At} {Less(random, v.Closed)} x" : $"{v.At} {More(random, v.Closed)} x",
        2 => v.Above ? $"-2x {Less(random, v.Closed)} {v.At * -2}" : $"-2x {More(random, v.Closed)} {v.At * -2}",
        _ => v.Above ? $"x {More(random, v.Closed)} {v.At}{Space(random)}" : $"{v.At} {More(random, v.Closed)} x",
    };

    private static string Rays(Random random, (int Low, int High, bool Any) v)
    {
        string[] parts = [$"x {Less(random, false)} {v.Low}", $"x {More(random, false)} {v.High}"];
        random.Shuffle(parts);
        return string.Join(v.Any ? Pick(random, " or ", " \\text{ or } ") : Pick(random, " and ", " \\text{ and } "), parts);
    }

    private static string Set(Random random, Bag members)
    {
        int[] items = [.. members.Items];
        random.Shuffle(items);
        return random.Next(4) switch
        {
            0 => $"\\{{{string.Join(", ", items)}\\}}",
            1 => $"\\left\\{{{string.Join($",{Space(random)}", items)}\\right\\}}",
            2 => string.Join(", ", items),
            _ => $"{string.Join(", ", items[..^1])}{Pick(random, " and ", ", and ", " \\text{ and } ")}{items[^1]}",
        };
    }

    private static string Length(Random random, (int Count, int Unit) v)
    {
        var (spellings, per) = Lengths[v.Unit];
        var (otherSpellings, otherPer) = Pick(random, Lengths);
        var value = new Rational(v.Count, per) * otherPer;
        var (written, unit) = Decimal(value) is { } exact && Half(random) ? (exact, Pick(random, otherSpellings)) : ($"{v.Count}", Pick(random, spellings));
        return unit == "m" ? $"{written}\\text{{ m}}" : Pick(random, $"{written} {unit}", $"{written}\\text{{ {unit}}}", $"{written}\\,\\mathrm{{{unit}}}");
    }

    private static string Money(Random random, (int Count, int Currency) v) =>
        string.Format(CultureInfo.InvariantCulture, Pick(random, Currencies[v.Currency]), Pick(random, $"{v.Count}", v.Count.ToString("N0", CultureInfo.InvariantCulture), $"{v.Count}.00"));

    private static string Line(Random random, (int M, int B) v) => random.Next(4) switch
    {
        0 => $"y = {Sum(random, Term(v.M, "x"), $"{v.B}")}",
        1 => $"y={Sum(random, $"{v.B}", Term(v.M, "x"))}",
        2 => $"{Sum(random, Term(v.M, "x"), "-y")} = {-v.B}",
        _ => $"{Sum(random, Term(2 * v.M, "x"), $"{2 * v.B}", "-2y")} = 0",
    };

    private static string Matrix(Random random, (Rational A, Rational B, Rational C, Rational D) v)
    {
        var kind = Pick(random, "pmatrix", "bmatrix", "matrix");
        var rows = $"{Fraction(random, v.A)}{Space(random)}&{Space(random)}{Fraction(random, v.B)}{Pick(random, "\\\\", " \\\\ ", "\\\\\n")}{Fraction(random, v.C)} & {Fraction(random, v.D)}";
        return Half(random) ? $"\\begin{{{kind}}}{rows}\\end{{{kind}}}" : $"\\left[\\begin{{array}}{{rr}}{rows}\\end{{array}}\\right]";
    }

    private static string Word(Random random, string word) => random.Next(4) switch
    {
        0 => $"\\text{{{word}}}",
        1 => word.ToLowerInvariant(),
        2 => $"\\textbf{{{char.ToUpperInvariant(word[0])}{word[1..]}}}",
        _ => word,
    };

    private static string Exponential(Random random, (int Base, int Add) v) => random.Next(3) switch
    {
        0 => $"{v.Base}^{{{Sum(random, "n", $"{v.Add}")}}}",
        1 => $"{BigInteger.Pow(v.Base, v.Add)}\\cdot {v.Base}^n",
        _ => $"{v.Base}^{{n}}\\cdot {v.Base}^{{{v.Add}}}",
    };

    private static string Logarithm(Random random, (int Base, int Times) v) => random.Next(3) switch
    {
        0 => $"{v.Times}\\ln {v.Base}",
        1 => $"\\ln({BigInteger.Pow(v.Base, v.Times)})",
        _ => $"{v.Times}{Space(random)}\\ln({v.Base})",
    };

    private static string Named(Random random, (Rational X, Rational Y) v)
    {
        string[] parts = [$"x{Space(random)}={Space(random)}{v.X}", $"y = {v.Y}"];
        random.Shuffle(parts);
        return random.Next(3) == 0 ? $"({v.X}, {v.Y})" : string.Join(Pick(random, ", ", " and ", "; "), parts) is var text && parts[0][0] == 'x' ? text : string.Join(", ", parts.Reverse());
    }

    private static string Joined(Random random, (Rational X, Rational Y, bool Any) v)
    {
        string[] parts = [$"x{Space(random)}={Space(random)}{v.X}", $"y = {v.Y}"];
        random.Shuffle(parts);
        return string.Join(v.Any ? Pick(random, " or ", " \\text{ or } ") : Pick(random, " and ", " \\text{ and } ", ", "), parts);
    }

    private static string Solutions(Random random, (Rational A, Rational B, Rational C, Rational D) v)
    {
        (Rational X, Rational Y)[] pairs = [(v.A, v.B), (v.C, v.D)];
        random.Shuffle(pairs);
        return Half(random) ? string.Join(Pick(random, ", ", " and ", " or "), pairs.Select(pair => $"({pair.X}, {pair.Y})"))
            : string.Join(Pick(random, "; ", " or "), pairs.Select(pair => $"x = {pair.X}, y = {pair.Y}"));
    }

    // By the angle and the sign of its quadrant.
    private static string Known(int degrees, bool cosine)
    {
        var (acute, negative) = degrees switch { <= 90 => (degrees, false), <= 180 => (180 - degrees, cosine), <= 270 => (degrees - 180, true), _ => (360 - degrees, !cosine) };
        return $"{(negative ? "-" : "")}{(cosine ? 90 - acute : acute) switch { 30 => "\\frac{1}{2}", 45 => "\\frac{\\sqrt{2}}{2}", _ => "\\frac{\\sqrt{3}}{2}" }}";
    }

    private static string ExactSine(Random random, (int Degrees, bool Cosine) v)
    {
        var (name, turns) = (v.Cosine ? "\\cos" : "\\sin", new Rational(v.Degrees, 180));
        return Pick(random, Known(v.Degrees, v.Cosine), $"{name}({v.Degrees}^\\circ)", $"{name}\\left(\\frac{{{turns.Numerator}\\pi}}{{{turns.Denominator}}}\\right)");
    }

    // (a ± √b)², under a root.
    private static string NestedRoot(Random random, (int A, int B, bool Minus) v)
    {
        var sign = v.Minus ? "-" : "+";
        var outside = v.Minus && v.A * v.A < v.B ? $"\\sqrt{{{v.B}}}-{v.A}" : $"{v.A}{sign}\\sqrt{{{v.B}}}";
        return Half(random) ? outside : $"\\sqrt{{{(v.A * v.A) + v.B}{sign}{2 * v.A}\\sqrt{{{v.B}}}}}";
    }

    private static string Complex(Random random, (int Re, int Im) v) => random.Next(4) switch
    {
        0 => Sum(random, $"{v.Re}", Term(v.Im, "i")),
        1 => Sum(random, Term(v.Im, "i"), $"{v.Re}"),
        2 => $"\\frac{{{Sum(random, $"{2 * v.Re}", Term(2 * v.Im, "i"))}}}{{2}}",
        _ => $"i({Sum(random, $"{v.Im}", Term(-v.Re, "i"))})",
    };

    private static string Sine(Random random, (int A, bool Cosine) v)
    {
        var (name, other) = v.Cosine ? ("cos", "sin") : ("sin", "cos");
        return random.Next(3) switch
        {
            0 => Term(v.A, $"\\{name}^2(x)"),
            1 => Sum(random, $"{v.A}", Term(-v.A, $"\\{other}^2 x")),
            _ => Term(v.A, $"(\\{name} x)^2"),
        };
    }

    private static string Term(int coefficient, string of) => coefficient switch { 1 => of, -1 => $"-{of}", _ => $"{coefficient}{of}" };

    private static string Sum(Random random, params ReadOnlySpan<string> terms)
    {
        var sum = terms[0];
        foreach (var term in terms[1..])
            sum += term[0] == '-' ? $"{Space(random)}-{Space(random)}{term[1..]}" : $"{Space(random)}+{Space(random)}{term}";
        return sum;
    }

    private static string Less(Random random, bool orEqual) => orEqual ? Pick(random, "\\le", "\\leq", "≤", "<=") : Pick(random, "<", "\\lt");

    private static string More(Random random, bool orEqual) => orEqual ? Pick(random, "\\ge", "\\geq", "≥", ">=") : Pick(random, ">", "\\gt");

    private static string Space(Random random) => Pick(random, "", " ", "  ", "\\,", "\\ ");
}
