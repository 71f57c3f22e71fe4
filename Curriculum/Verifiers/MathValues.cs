using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>A number or expression, with its unit where it has one.</summary>
internal sealed record Scalar(Quotient Value, string? Unit = null) : MathValue
{
    public const string Percent = "%";
    public const string Dollars = "$";
    public const string Degrees = "°";

    /// <summary>Whether the unit is a sign that an answer may add to a reference without one.</summary>
    public bool IsNotation => Unit is Degrees || (Unit is { } unit && IsCurrency(unit));

    public static bool IsCurrency(string sign) => sign is Dollars or "€" or "£" or "¥" or "₹";
}

/// <summary><c>x = 5</c>: a value with the name that it was given.</summary>
internal sealed record Labelled(Quotient Label, MathValue Value) : MathValue
{
    public string? Name => NameOf(Label);

    /// <summary>The name that an expression is, where it is nothing else.</summary>
    public static string? NameOf(Quotient value) => value.Denominator.Constant is { } one && one == 1 && value.Numerator.Terms is { Count: 1 } terms
        && terms.First() is ({ Powers: [({ } atom, var power)] }, var coefficient) && power == 1 && coefficient == 1 && atom is not "pi" && atom[0] != '#' ? atom : null;
}

/// <summary>What is written as about a rounded number; an exact side where there is one.</summary>
internal sealed record Approximated(MathValue? Exact, MathValue Rounded) : MathValue;

/// <summary>A word or phrase, lower case.</summary>
internal sealed record Words(string Text) : MathValue;

/// <summary>A tuple or an interval: the same notation, told apart by nothing but the question.</summary>
internal sealed record Sequence(char Open, IReadOnlyList<MathValue> Items, char Close) : MathValue;

/// <summary>Values whose order says nothing.</summary>
internal sealed record Several(SeveralKind Kind, IReadOnlyList<MathValue> Items) : MathValue;

/// <summary>How several values were written.</summary>
internal enum SeveralKind
{
    List,
    Set,
    Union,

    /// <summary>Conditions that all hold.</summary>
    All,

    /// <summary>Conditions of which one holds.</summary>
    Any,
}

/// <summary>Sides with signs between them, <c>&lt;</c> and <c>≤</c> only where they have a direction.</summary>
internal sealed record Relation(IReadOnlyList<Quotient> Sides, IReadOnlyList<char> Signs) : MathValue;

/// <summary>An equation, as what must be zero.</summary>
internal sealed record Equation(Quotient Difference) : MathValue;
