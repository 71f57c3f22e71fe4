using System.Globalization;
using System.Numerics;
using Curriculum.Problems;

namespace Curriculum.Tests.Verifiers;

/// <summary>Values that can be written in many ways, and others beside them that are near and not the same.</summary>
/// <remarks>What is equal is known from how a value was built, in integers, and not from any reading of what was written.</remarks>
internal static class GeneratedAnswers
{
    /// <summary>A value written twice, and a near miss: a value that differs in a digit, a sign, a bracket, a word or an order.</summary>
    public sealed record Drawn(string Kind, string Reference, string Rewritten, string Miss);

    private static readonly int[] Squarefree = [2, 3, 5, 6, 7, 10, 11, 13, 14, 15];
    private static readonly string[] Names = ["Monday", "Tuesday", "Evelyn", "Evelina", "red", "blue", "even", "odd", "parallel", "hyperbola", "parabola"];
    private static readonly (string[] Spellings, int PerLargest)[] Lengths = [(["m", "meters", "metres"], 1), (["cm", "centimeters"], 100), (["mm", "millimeters"], 1000)];
    private static readonly string[][] Currencies = [["€{0}", "{0} euros", "{0}€", "\\text{{€}}{0}"], ["£{0}", "\\pounds {0}"], ["\\${0}", "{0} dollars", "{0} \\text{{ dollars}}"], ["¥{0}", "{0} yen", "\\yen {0}"]];

    public static readonly IReadOnlyList<Func<Random, Drawn>> Kinds =
    [
        random => Draw("integer", random, r => r.Next(-99_999, 1_000_000), Integer, (r, n) => (int)Digit(r, n)),
        random => Draw("rational", random, r => new Rational(r.Next(-999, 1000), r.Next(2, 200)), Fraction, Near),
        random => Draw("surd", random, r => (A: Nonzero(r, 20), B: Nonzero(r, 9), C: Pick(r, Squarefree)), Surd,
            (r, v) => r.Next(4) switch { 0 => v with { A = -v.A }, 1 => v with { B = -v.B }, 2 => v with { C = Pick(r, Squarefree) }, _ => v with { A = Nonzero(r, 20) } }),
        random => Draw("multiple of pi", random, r => new Rational(Nonzero(r, 50), r.Next(1, 30)), Circular, Near),
        random => Draw("polynomial", random, r => (A: Nonzero(r, 9), B: Nonzero(r, 9), C: Nonzero(r, 30)), Quadratic,
            (r, v) => r.Next(3) switch { 0 => v with { A = -v.A }, 1 => v with { B = Nonzero(r, 9) }, _ => v with { C = -v.C } }),
        random => Draw("factors", random, r => Ordered(Nonzero(r, 9), Nonzero(r, 9)), Factored, (r, v) => Half(r) ? Ordered(v.P, -v.Q) : Ordered(Nonzero(r, 9), v.Q)),
        random => Draw("tuple", random, r => (A: Small(r), B: Small(r), Close: ')'), Pair,
            (r, v) => r.Next(3) switch { 0 => v with { A = v.B, B = v.A }, 1 => v with { Close = ']' }, _ => v with { B = v.B + 1 } }),
        random => Draw("interval", random, Between, Interval,
            (r, v) => r.Next(4) switch { 0 => v with { Left = !v.Left }, 1 => v with { Right = !v.Right }, 2 => v with { High = v.High + 1 }, _ => v with { Low = v.Low - new Rational(1, 2) } }),
        random => Draw("ray", random, r => (At: Small(r), Above: Half(r), Closed: Half(r)), Ray,
            (r, v) => r.Next(3) switch { 0 => v with { Above = !v.Above }, 1 => v with { Closed = !v.Closed }, _ => v with { At = v.At + 1 } }),
        random => Draw("two rays", random, r => (Low: r.Next(-9, 3), High: r.Next(4, 12), Any: Half(r)), Rays, (r, v) => Half(r) ? v with { Any = !v.Any } : v with { High = v.High + 1 }),
        random => Draw("set", random, Members, Set, (r, v) => Half(r) ? new(v.Items.Skip(1)) : new(v.Items.Skip(1).Append(99))),
        random => SetAsTuple(random),
        random => Draw("length", random, r => (Count: r.Next(1, 500), Unit: r.Next(3)), Length, (r, v) => Half(r) ? v with { Unit = (v.Unit + 1) % 3 } : v with { Count = v.Count + 1 }),
        random => Draw("money", random, r => (Count: r.Next(1, 5000), Currency: r.Next(4)), Money, (r, v) => Half(r) ? v with { Currency = (v.Currency + 1) % 4 } : v with { Count = (int)Digit(r, v.Count) }),
        random => Draw("line", random, r => (M: Nonzero(r, 9), B: Nonzero(r, 9)), Line, (r, v) => Half(r) ? v with { M = -v.M } : v with { B = -v.B }),
        random => Draw("matrix", random, r => (A: Small(r), B: Small(r), C: Small(r), D: Small(r)), Matrix, (r, v) => Half(r) ? v with { B = v.C, C = v.B } : v with { D = -v.D }),
        random => Draw("word", random, r => Pick(r, Names), Word, (r, _) => Pick(r, Names)),
        random => Draw("choice", random, r => (char)('A' + r.Next(5)), (r, c) => Pick(r, $"{c}", $"({c})", $"\\text{{({c})}}", $"\\textbf{{{c}}}", $"\\mathrm{{{c}}}"), (r, _) => (char)('A' + r.Next(5))),
        random => Draw("power", random, r => (Base: r.Next(2, 8), Add: r.Next(1, 4)), Exponential, (r, v) => Half(r) ? v with { Base = v.Base + 1 } : v with { Add = v.Add + 1 }),
        random => Draw("logarithm", random, r => (Base: Pick(r, Squarefree), Times: r.Next(2, 6)), Logarithm, (r, v) => Half(r) ? v with { Times = v.Times + 1 } : v with { Base = Pick(r, Squarefree) }),
        random => Draw("ratio", random, r => (A: r.Next(1, 40), B: r.Next(1, 40)), (r, v) => $"{v.A}{Space(r)}:{Space(r)}{v.B}", (r, v) => Half(r) ? (v.B, v.A) : v with { A = (int)Digit(r, v.A) }),
        random => Draw("names", random, r => (X: Small(r), Y: Small(r)), Named, (r, v) => Half(r) ? (v.Y, v.X) : v with { X = -v.X }),
        random => Draw("complex", random, r => (Re: Nonzero(r, 20), Im: Nonzero(r, 20)), Complex, (r, v) => r.Next(3) switch { 0 => v with { Im = -v.Im }, 1 => v with { Re = -v.Re }, _ => (v.Im, v.Re) }),
        random => Draw("angle", random, r => r.Next(1, 360), (r, d) => Pick(r, $"{d}^\\circ", $"{d}°", $"{d} degrees", $"{d}^{{\\circ}}", $"\\angle ABC = {d}^\\circ"), (r, d) => (int)Digit(r, d)),
        random => Draw("sine", random, r => (A: Nonzero(r, 9), Cosine: Half(r)), Sine, (r, v) => Half(r) ? v with { A = -v.A } : v with { Cosine = !v.Cosine }),
    ];

    private static Drawn Draw<T>(string kind, Random random, Func<Random, T> value, Func<Random, T, string> write, Func<Random, T, T> near)
        where T : notnull
    {
        while (true)
        {
            var drawn = value(random);
            if (near(random, drawn) is { } other && !other.Equals(drawn))
                return new(kind, Dressed(random, write(random, drawn)), Dressed(random, write(random, drawn)), Dressed(random, write(random, other)));
        }
    }

    private static Drawn SetAsTuple(Random random)
    {
        var members = Members(random);
        return new("set or tuple", Set(random, members), Set(random, members), $"({string.Join(", ", members.Items)})");
    }

    private static string Dressed(Random random, string text) => random.Next(8) switch
    {
        0 => $"${text}$",
        1 => $"\\({text}\\)",
        2 when !text.Contains('$', StringComparison.Ordinal) => $" {text}.",
        3 => $"\\boxed{{{text}}}",
        4 => text.Replace("\\frac", "\\dfrac", StringComparison.Ordinal),
        _ => text,
    } is var dressed && text.Contains('$', StringComparison.Ordinal) ? text : dressed;

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
        $"{Pick(random, "\\left(", "(")}{Space(random)}{Fraction(random, v.A)}, {Fraction(random, v.B)}{Space(random)}{v.Close}".Replace("\\left(", v.Close == ')' && Half(random) ? "(" : "\\left(", StringComparison.Ordinal);

    private static (int P, int Q) Ordered(int p, int q) => (Math.Min(p, q), Math.Max(p, q));

    private static (Rational Low, Rational High, bool Left, bool Right) Between(Random random) => (random.Next(-20, 5), random.Next(6, 30), Half(random), Half(random));

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

    private static Bag Members(Random random) => new(Enumerable.Range(0, random.Next(3, 6)).Select(_ => random.Next(-50, 50)));

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

    private static Rational Near(Random random, Rational value)
    {
        var other = random.Next(3) switch
        {
            0 => -value,
            1 => new Rational(Digit(random, value.Numerator), value.Denominator),
            _ => new Rational(value.Numerator, BigInteger.Max(1, Digit(random, value.Denominator))),
        };
        return other;
    }

    // The number with one digit changed.
    private static BigInteger Digit(Random random, BigInteger value)
    {
        var digits = BigInteger.Abs(value).ToString(CultureInfo.InvariantCulture).ToCharArray();
        var at = random.Next(digits.Length);
        digits[at] = (char)('0' + ((digits[at] - '0' + random.Next(1, 10)) % 10));
        return BigInteger.Parse(digits, CultureInfo.InvariantCulture) * (value.Sign < 0 ? -1 : 1);
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

    private static Rational Small(Random random) => new(random.Next(-30, 31), Pick(random, 1, 1, 2, 3, 4));

    private static int Nonzero(Random random, int most) => random.Next(1, most + 1) * (Half(random) ? 1 : -1);

    private static bool Half(Random random) => random.Next(2) == 0;

    private static T Pick<T>(Random random, params ReadOnlySpan<T> of) => of[random.Next(of.Length)];

    /// <summary>Different integers, whose order says nothing.</summary>
    private sealed class Bag(IEnumerable<int> items) : IEquatable<Bag>
    {
        public SortedSet<int> Items { get; } = [.. items];

        public bool Equals(Bag? other) => other is not null && Items.SetEquals(other.Items);

        public override bool Equals(object? obj) => Equals(obj as Bag);

        public override int GetHashCode() => Items.Sum();
    }
}
