using Curriculum.Problems;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>What an answer was read as.</summary>
internal abstract record MathValue
{
    /// <summary>The name of the set of real numbers.</summary>
    public const string Reals = "mathbb R";

    /// <summary>Whether an answer is the reference, unit rules included: an answer may leave the reference's unit out, and may add none but a dollar or degree sign.</summary>
    public static bool Same(MathValue reference, MathValue answer, WorkBound work)
    {
        work.Spend(1);
        return (reference, answer) switch
        {
            (Approximated { Exact: { } one }, Approximated { Exact: { } other }) => Same(one, other, work),
            (Approximated one, Approximated { Exact: null } other) => one.Exact is null && Same(one.Rounded, other.Rounded, work),
            // Whoever wrote the reference takes its rounding for right.
            (Approximated one, not Labelled) => (one.Exact is { } exact && Same(exact, answer, work)) || Same(one.Rounded, answer is Approximated { Exact: { } given } ? given : answer, work),
            (not Labelled, Approximated { Exact: { } other }) => Same(reference, other, work),
            (Labelled one, Labelled other) when one.Label.SameAs(other.Label, work) => Same(one.Value, other.Value, work),
            (Labelled or Equation, Labelled or Equation) => SameEquation(reference, answer, work),
            (Labelled one, Relation other) => other.Sides.Any(side => side.SameAs(one.Label, work)) && Same(one.Value, answer, work),
            (Relation one, Labelled other) => one.Sides.Any(side => side.SameAs(other.Label, work)) && Same(reference, other.Value, work),
            (Labelled one, _) => Same(one.Value, answer, work),
            (_, Labelled other) => Same(reference, other.Value, work),
            (Scalar one, Scalar other) => SameQuantity(one, other, work),
            (Words one, Words other) => one.Text == other.Text,
            (Sequence one, Sequence other) => one.Open == other.Open && one.Close == other.Close && (HasLabels(one.Items) == HasLabels(other.Items) || (AreOrdered(one.Items) && AreOrdered(other.Items)))
                && SameInOrder(one.Items, other.Items, work),
            (Several one, Several { Kind: SeveralKind.List } other) when Unnamed(one) is { } values && !HasLabels(other.Items) => SameInOrder(values, other.Items, work),
            (Several { Kind: SeveralKind.List } one, Several other) when Unnamed(other) is { } values && !HasLabels(one.Items) => SameInOrder(one.Items, values, work),
            (Several one, Sequence { Open: '(', Close: ')' } other) when Unnamed(one) is { } values && !HasLabels(other.Items) => SameInOrder(values, other.Items, work),
            (Sequence { Open: '(', Close: ')' } one, Several other) when Unnamed(other) is { } values && !HasLabels(one.Items) => SameInOrder(one.Items, values, work),
            (Several one, Several other) when one.Kind == other.Kind || (one.Kind, other.Kind) is (SeveralKind.List, SeveralKind.Set) or (SeveralKind.Set, SeveralKind.List)
                => SameSeveral(one, other, work),
            (Relation one, Relation other) => one.Signs.SequenceEqual(other.Signs)
                && (one.Sides.Zip(other.Sides).All(pair => pair.First.SameAs(pair.Second, work)) || SameInequality(one, other, work)),
            (Relation one, Sequence or Several { Kind: SeveralKind.Union }) => Interval(one) is { } interval && Same(interval, answer, work),
            (Sequence or Several { Kind: SeveralKind.Union }, Relation other) => Interval(other) is { } interval && Same(reference, interval, work),
            (Several { Kind: SeveralKind.Any } one, Several { Kind: SeveralKind.Union }) => Union(one, work) is { } union && Same(union, answer, work),
            (Several { Kind: SeveralKind.Union }, Several { Kind: SeveralKind.Any } other) => Union(other, work) is { } union && Same(reference, union, work),
            (Scalar one, Sequence other) => IsReals(one) && Same(Everything, other, work),
            (Sequence one, Scalar other) => IsReals(other) && Same(one, Everything, work),
            _ => false,
        };
    }

    // -x > -1 is x < 1: the difference of the sides is the same but for a factor, which is above zero where the sign has a direction.
    private static bool SameInequality(Relation one, Relation other, WorkBound work)
    {
        if (one.Sides.Count != 2)
            return false;
        var (left, right) = (Quotient.Add(one.Sides[0], one.Sides[1], -1, work), Quotient.Add(other.Sides[0], other.Sides[1], -1, work));
        return Factor(left, right) is { } factor && (factor > 0 || one.Signs[0] == '≠') && left.SameAs(Quotient.Multiply(Quotient.Of(factor), right, work), work);
    }

    // y = 2x + 1 and 2x - y = -1: what must be zero is the same but for a factor.
    private static bool SameEquation(MathValue reference, MathValue answer, WorkBound work)
    {
        if (Zero(reference, work) is not { } one || Zero(answer, work) is not { } other)
            return false;
        return one.SameAs(other, work)
            || (Factor(one, other) is { } factor && one.SameAs(Quotient.Multiply(Quotient.Of(factor), other, work), work));
    }

    /// <summary>What one is of the other if it is a number of times it, by their first terms.</summary>
    private static Rational? Factor(Quotient one, Quotient other)
    {
        if (one.Denominator.Constant is not { } below || other.Denominator.Constant is not { } otherBelow || one.Numerator.Terms.Count == 0)
            return null;
        var (monomial, coefficient) = one.Numerator.Terms.First();
        foreach (var (same, times) in other.Numerator.Terms)
        {
            if (same.Key == monomial.Key)
                return coefficient / below / (times / otherBelow);
        }

        return null;
    }

    private static Quotient? Zero(MathValue value, WorkBound work) => value switch
    {
        Equation equation => equation.Difference,
        Labelled { Value: Scalar { Unit: null } named } labelled => Quotient.Add(labelled.Label, named.Value, -1, work),
        _ => null,
    };

    private static Quotient Infinity => Quotient.Atom("infty");

    private static Quotient Least => Quotient.Multiply(Quotient.Of(-1), Infinity, new());

    private static Sequence Everything => new('(', [new Scalar(Least), new Scalar(Infinity)], ')');

    private static bool IsReals(Scalar value) => value.Unit is null && Labelled.NameOf(value.Value) == Reals;

    // 1 ≤ x < 3 is [1,3), 5 < x is (5,∞), x ≠ 2 all but 2.
    private static MathValue? Interval(Relation relation)
    {
        bool Number(int side) => relation.Sides[side].Constant is not null;
        if (relation.Signs is ['≠'])
        {
            var number = Number(0) && IsVariable(relation.Sides[1]) ? relation.Sides[0] : Number(1) && IsVariable(relation.Sides[0]) ? relation.Sides[1] : null;
            return number is null ? null : new Several(SeveralKind.Union, [Between(Least, '<', number, '<'), Between(number, '<', Infinity, '<')]);
        }

        return relation.Sides.Count switch
        {
            2 when Number(0) && IsVariable(relation.Sides[1]) => Between(relation.Sides[0], relation.Signs[0], Infinity, '<'),
            2 when IsVariable(relation.Sides[0]) && Number(1) => Between(Least, '<', relation.Sides[1], relation.Signs[0]),
            3 when Number(0) && IsVariable(relation.Sides[1]) && Number(2) => Between(relation.Sides[0], relation.Signs[0], relation.Sides[2], relation.Signs[1]),
            _ => null,
        };

        static Sequence Between(Quotient low, char open, Quotient high, char close) =>
            new(open == '<' ? '(' : '[', [new Scalar(low), new Scalar(high)], close == '<' ? ')' : ']');
    }

    // x < 2 or x > 5 is a union, where all conditions are of one variable.
    private static Several? Union(Several conditions, WorkBound work)
    {
        Quotient? variable = null;
        List<MathValue> parts = [];
        foreach (var item in conditions.Items)
        {
            if (item is not Relation relation || relation.Sides.FirstOrDefault(IsVariable) is not { } name || Interval(relation) is not Sequence part || !(variable ?? name).SameAs(name, work))
                return null;
            variable = name;
            parts.Add(part);
        }

        return new(SeveralKind.Union, parts);
    }

    // A letter, with an index, or a function's value; |x| < 1 is another interval.
    private static bool IsVariable(Quotient value) => Labelled.NameOf(value) is { } name && name.IndexOf('(', StringComparison.Ordinal) is -1 or 1;

    private static bool SameQuantity(Scalar reference, Scalar answer, WorkBound work)
    {
        if (reference.Unit == answer.Unit)
            return reference.Value.SameAs(answer.Value, work);
        if (reference.Unit is null)
        {
            return answer.Unit == Scalar.Percent
                ? reference.Value.SameAs(Hundredth(answer.Value, work), work)
                : (answer.IsNotation || Units.MayBeAdded(answer.Unit!)) && reference.Value.SameAs(answer.Value, work);
        }

        if (answer.Unit is null)
        {
            return reference.Value.SameAs(answer.Value, work)
                || (reference.Unit == Scalar.Percent && Hundredth(reference.Value, work).SameAs(answer.Value, work))
                || (Letters(reference.Unit, work) is { } letters && Quotient.Multiply(reference.Value, letters, work).SameAs(answer.Value, work));
        }

        if (reference.Unit == Scalar.Percent || answer.Unit == Scalar.Percent)
            return false;
        return Units.Ratio(reference.Unit, answer.Unit) is { } ratio && Quotient.Multiply(reference.Value, Quotient.Of(ratio), work).SameAs(answer.Value, work);
    }

    // 5 m without a \text: where the reference knows the unit, its letters are no variables.
    private static Quotient? Letters(string unit, WorkBound work) => unit.Split(" per ") switch
    {
        [{ Length: 1 } only] when char.IsAsciiLetter(only[0]) => Quotient.Atom(only),
        [{ Length: 1 } above, { Length: 1 } below] => Quotient.Divide(Quotient.Atom(above), Quotient.Atom(below), work),
        _ => null,
    };

    private static Quotient Hundredth(Quotient value, WorkBound work) => Quotient.Divide(value, Quotient.Of(100), work);

    // Sets by mutual inclusion, lists by pairing off.
    private static bool SameSeveral(Several one, Several other, WorkBound work)
    {
        if (one.Kind == SeveralKind.Set && other.Kind == SeveralKind.Set)
        {
            return one.Items.All(item => other.Items.Any(found => Same(item, found, work)))
                && other.Items.All(item => one.Items.Any(found => Same(found, item, work)));
        }

        // x = 2, y = 3 is no 3, 2: where names differ they are part of the answer.
        var named = HasNames(one, work) || HasNames(other, work);
        var left = other.Items.ToList();
        return one.Items.Count == left.Count && one.Items.All(item =>
            left.FindIndex(found => !(named && item is Labelled != found is Labelled) && Same(item, found, work)) is var at and >= 0 && Taken(left, at));
    }

    // x=1, y=2 without its names, where they stand in their own order.
    private static List<MathValue>? Unnamed(Several several)
    {
        return several.Kind == SeveralKind.List && several.Items.All(item => item is Labelled { Name: not null }) && AreOrdered(several.Items)
            ? [.. several.Items.Select(item => ((Labelled)item).Value)] : null;
    }

    private static bool HasLabels(IReadOnlyList<MathValue> items) => items.Any(item => item is Labelled);

    private static bool AreOrdered(IReadOnlyList<MathValue> items)
    {
        Labelled[] named = [.. items.OfType<Labelled>()];
        return named.Zip(named.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0);
    }

    private static bool SameInOrder(IReadOnlyList<MathValue> one, IReadOnlyList<MathValue> other, WorkBound work) =>
        one.Count == other.Count && one.Zip(other).All(pair => Same(pair.First, pair.Second, work));

    private static bool HasNames(Several several, WorkBound work)
    {
        Labelled[] named = [.. several.Items.OfType<Labelled>()];
        return named.Any(item => !item.Label.SameAs(named[0].Label, work));
    }

    private static bool Taken(List<MathValue> left, int at)
    {
        left.RemoveAt(at);
        return true;
    }
}

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
