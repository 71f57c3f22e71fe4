using System.Globalization;
using System.Numerics;
using Curriculum.Arithmetic;

namespace Curriculum.Tests.Verifiers;

/// <summary>Values that can be written in many ways, and others beside them that are near and not the same.</summary>
/// <remarks>What is equal is known from how a value was built, in integers, and not from any reading of what was written.</remarks>
internal static partial class GeneratedAnswers
{
    /// <summary>A value written twice, and a near miss: a value that differs in a digit, a sign, a bracket, a word or an order.</summary>
    public sealed record Drawn(string Kind, string Reference, string Rewritten, string Miss);

    private static readonly int[] Squarefree = [2, 3, 5, 6, 7, 10, 11, 13, 14, 15];
    private static readonly string[] Names = ["Monday", "Tuesday", "Evelyn", "Evelina", "red", "blue", "even", "odd", "parallel", "hyperbola", "parabola"];

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
        random => Draw("money", random, r => (Count: r.Next(1, 5000), Currency: r.Next(4)), Money, (r, v) =>
            Half(r) ? v with { Currency = (v.Currency + 1) % 4 } : v with { Count = (int)Digit(r, v.Count) }),
        random => Draw("line", random, r => (M: Nonzero(r, 9), B: Nonzero(r, 9)), Line, (r, v) => Half(r) ? v with { M = -v.M } : v with { B = -v.B }),
        random => Draw("matrix", random, r => (A: Small(r), B: Small(r), C: Small(r), D: Small(r)), Matrix, (r, v) => Half(r) ? v with { B = v.C, C = v.B } : v with { D = -v.D }),
        random => Draw("word", random, r => Pick(r, Names), Word, (r, _) => Pick(r, Names)),
        random => Draw("choice", random, r => (char)('A' + r.Next(5)), (r, c) => Pick(r, $"{c}", $"({c})", $"\\text{{({c})}}", $"\\textbf{{{c}}}", $"\\mathrm{{{c}}}"), (r, _) =>
            (char)('A' + r.Next(5))),
        random => Draw("power", random, r => (Base: r.Next(2, 8), Add: r.Next(1, 4)), Exponential, (r, v) => Half(r) ? v with { Base = v.Base + 1 } : v with { Add = v.Add + 1 }),
        random => Draw("logarithm", random, r => (Base: Pick(r, Squarefree), Times: r.Next(2, 6)), Logarithm, (r, v) =>
            Half(r) ? v with { Times = v.Times + 1 } : v with { Base = Pick(r, Squarefree) }),
        random => Draw("ratio", random, r => (A: r.Next(1, 40), B: r.Next(1, 40)), (r, v) => $"{v.A}{Space(r)}:{Space(r)}{v.B}", (r, v) => Half(r) ? (v.B, v.A) : v with { A = (int)Digit(r, v.A) }),
        random => Draw("names", random, r => (X: Small(r), Y: Small(r)), Named, (r, v) => Half(r) ? (v.Y, v.X) : v with { X = -v.X }),
        random => Draw("joined names", random, r => (X: Small(r), Y: Small(r), Any: Half(r)), Joined, (r, v) => Half(r) ? v with { Any = !v.Any } : v with { Y = v.Y + 1 }),
        random => Draw("solutions", random, r => (A: Small(r), B: Small(r), C: Small(r), D: Small(r)) is var v && (v.A, v.B) == (v.C, v.D) ? v with { D = v.D + 1 } : v, Solutions,
            (r, v) => v.A == v.C || v.B == v.D ? v with { A = v.A + 40 } : v with { B = v.D, D = v.B }),
        random => Draw("matrix sum", random, r => (A: Small(r), B: Small(r), C: Small(r), D: Small(r)), (r, v) =>
            Half(r) ? Matrix(r, v) : $"{Matrix(r, (v.A - 1, v.B, v.C + 2, v.D))}+{Matrix(r, (1, 0, -2, 0))}",
            (r, v) => Half(r) ? v with { A = v.A + 1 } : v with { C = -v.C }),
        random => Draw("exact sine", random, r => (Degrees: Pick(r, 30, 45, 60, 120, 135, 150, 210, 225, 300, 330), Cosine: Half(r)), ExactSine,
            (r, v) => v with { Degrees = Pick(r, 30, 45, 60, 120, 135, 150, 210, 225, 300, 330) } is var other && Known(other.Degrees, other.Cosine) == Known(v.Degrees, v.Cosine) ? v : other),
        random => Draw("nested root", random, r => (A: r.Next(1, 6), B: Pick(r, 2, 3, 5, 7), Minus: Half(r)), NestedRoot, (r, v) => Half(r) ? v with { Minus = !v.Minus } : v with { A = v.A + 1 }),
        random => Draw("time", random, r => (Hours: r.Next(1, 9), Minutes: r.Next(1, 59)), (r, v) =>
            Pick(r, $"{v.Hours} hours {v.Minutes} minutes", $"{(v.Hours * 60) + v.Minutes} minutes", $"{v.Hours}\\text{{ hr }}{v.Minutes}\\text{{ min}}"),
            (r, v) => Half(r) ? v with { Hours = v.Hours + 1 } : v with { Minutes = v.Minutes + 1 }),
        random => Draw("complex", random, r => (Re: Nonzero(r, 20), Im: Nonzero(r, 20)), Complex, (r, v) =>
            r.Next(3) switch { 0 => v with { Im = -v.Im }, 1 => v with { Re = -v.Re }, _ => (v.Im, v.Re) }),
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

    private static (int P, int Q) Ordered(int p, int q) => (Math.Min(p, q), Math.Max(p, q));

    private static (Rational Low, Rational High, bool Left, bool Right) Between(Random random) => (random.Next(-20, 5), random.Next(6, 30), Half(random), Half(random));

    private static Bag Members(Random random) => new(Enumerable.Range(0, random.Next(3, 6)).Select(_ => random.Next(-50, 50)));

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
