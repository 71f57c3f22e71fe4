using Curriculum.Arithmetic;

namespace Curriculum.Verifiers.Algebra;

/// <summary>Sines and logarithms: exact values where they have one, and one form for the functions that are made of them.</summary>
/// <remarks>
/// Tangent, cotangent, secant and cosecant are quotients of sine and cosine; the logarithm of a rational number is a sum of logarithms of primes. What is left is an
/// atom. <see cref="Identities"/> knows the square of a sine.
/// </remarks>
internal static class Elementary
{
    public const string DegreeMark = "°";

    private static readonly (Rational Turn, Rational Square)[] Sines = [(0, 0), (new(1, 6), new(1, 4)), (new(1, 4), new(1, 2)), (new(1, 3), new(3, 4)), (new(1, 2), 1)];

    // The sines of 15°, 18°, 54° and 75°: two roots over 4.
    private static readonly (Rational Turn, Rational One, Rational Other, Rational Below)[] SumsOfRoots =
        [(new(1, 12), 6, -2, 4), (new(1, 10), 5, -1, 4), (new(3, 10), 5, 1, 4), (new(5, 12), 6, 2, 4)];

    private static readonly (Rational Turn, Rational Square)[] Tangents = [(0, 0), (new(1, 6), new(1, 3)), (new(1, 4), 1), (new(1, 3), 3)];

    /// <summary>The function of a name, of an angle in degrees where it says so.</summary>
    public static Quotient Of(string name, bool degrees, Quotient argument, WorkBound work) => name switch
    {
        "sin" or "cos" => Wave(name, degrees, argument, work),
        "tan" => Quotient.Divide(Wave("sin", degrees, argument, work), Wave("cos", degrees, argument, work), work),
        "cot" => Quotient.Divide(Wave("cos", degrees, argument, work), Wave("sin", degrees, argument, work), work),
        "sec" => Quotient.Divide(Quotient.Of(1), Wave("cos", degrees, argument, work), work),
        "csc" => Quotient.Divide(Quotient.Of(1), Wave("sin", degrees, argument, work), work),
        "arcsin" when Inverse(argument, Sines, work) is { } angle => angle,
        "arccos" when Inverse(argument, Sines, work) is { } angle => Quotient.Add(Turn(new(1, 2), work), angle, -1, work),
        "arctan" when Inverse(argument, Tangents, work) is { } angle => angle,
        "ln" or "log" or "lg" when !degrees && Logarithm(name, argument, work) is { } sum => sum,
        "exp" => Quotient.Power(Quotient.Atom("e"), argument, work),
        _ => Quotient.Function(name + (degrees ? DegreeMark : ""), work, argument),
    };

    /// <summary>The logarithm to a base, where both are positive rational numbers or roots of them.</summary>
    public static Quotient? Logarithm(Quotient @base, Quotient argument, WorkBound work) =>
        Logarithm("ln", @base, work) is { } below && !below.Numerator.IsZero && Logarithm("ln", argument, work) is { } above ? Quotient.Divide(above, below, work) : null;

    private static Quotient Wave(string name, bool degrees, Quotient argument, WorkBound work)
    {
        if (HalfTurns(argument, degrees) is { } turns)
            return Sine(name == "cos" ? new Rational(1, 2) - turns : turns, work);
        var negative = argument.IsNegated;
        var value = Quotient.Function(name + (degrees ? DegreeMark : ""), work, negative ? Negated(argument, work) : argument);
        return negative && name == "sin" ? Negated(value, work) : value;
    }

    // The argument as a multiple of pi, where it is a rational one.
    private static Rational? HalfTurns(Quotient argument, bool degrees)
    {
        if (argument.Constant is { } number)
            return degrees ? number / 180 : number.IsZero ? 0 : null;
        return !degrees && argument.Denominator.Constant is { } bottom && argument.Numerator.Terms is { Count: 1 } terms
            && terms.First() is ({ Powers: [("pi", var power)] }, var top) && power == 1 ? top / bottom : null;
    }

    private static Quotient Sine(Rational turns, WorkBound work)
    {
        turns -= new Rational((turns / 2).Floor() * 2, 1);
        var sign = turns >= 1 ? -1 : 1;
        if (turns >= 1)
            turns -= 1;
        if (turns > new Rational(1, 2))
            turns = 1 - turns;
        foreach (var (turn, square) in Sines)
        {
            if (turn == turns)
                return Quotient.Multiply(Quotient.Of(sign), Quotient.Radical(Quotient.Of(square), 2, work), work);
        }

        foreach (var (turn, one, other, below) in SumsOfRoots)
        {
            if (turn == turns)
            {
                var sum = Quotient.Add(Quotient.Radical(Quotient.Of(one), 2, work), Quotient.Radical(Quotient.Of(other.Abs()), 2, work), other < 0 ? -1 : 1, work);
                return Quotient.Divide(sum, Quotient.Of(sign * below), work);
            }
        }

        return Quotient.Multiply(Quotient.Of(sign), Quotient.Function("sin", work, Turn(turns, work)), work);
    }

    private static Quotient? Inverse(Quotient argument, (Rational Turn, Rational Square)[] table, WorkBound work)
    {
        foreach (var (turn, square) in table)
        {
            var value = Quotient.Radical(Quotient.Of(square), 2, work);
            if (argument.SameAs(value, work))
                return Turn(turn, work);
            if (argument.SameAs(Negated(value, work), work))
                return Turn(-turn, work);
        }

        return null;
    }

    // A sum of logarithms where the argument is a positive rational number, times powers of primes, of pi and, for the natural one, of e.
    private static Quotient? Logarithm(string name, Quotient argument, WorkBound work)
    {
        if (argument.Denominator.Constant is not { } bottom || argument.Numerator.Terms.Count != 1)
            return null;
        var (monomial, top) = argument.Numerator.Terms.First();
        var coefficient = top / bottom;
        if (coefficient <= 0 || monomial.Powers.Any(part => part.Atom[0] != '#' && part.Atom != "pi" && !(part.Atom == "e" && name == "ln"))
            || Numbers.Factors(coefficient.Numerator, work) is not { } above || Numbers.Factors(coefficient.Denominator, work) is not { } below)
        {
            return null;
        }

        var sum = Quotient.Of(0);
        foreach (var (atom, power) in above.Select(factor => (Monomial.Prime(factor.Prime), (Rational)factor.Power))
            .Concat(below.Select(factor => (Monomial.Prime(factor.Prime), (Rational)(-factor.Power)))).Concat(monomial.Powers.Select(part => (part.Atom, part.Power))))
        {
            sum = Quotient.Add(sum, atom == "e" ? Quotient.Of(power) : Quotient.Multiply(Quotient.Of(power), Quotient.Atom($"{name}({atom})"), work), 1, work);
        }

        return sum;
    }

    private static Quotient Turn(Rational turns, WorkBound work) => Quotient.Multiply(Quotient.Of(turns), Quotient.Atom("pi"), work);

    private static Quotient Negated(Quotient value, WorkBound work) => Quotient.Multiply(Quotient.Of(-1), value, work);
}
