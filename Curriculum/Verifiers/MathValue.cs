using Curriculum.Problems;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>What an answer was read as.</summary>
internal abstract record MathValue
{
    /// <summary>Whether an answer is the reference, unit rules included: an answer may leave the reference's unit out, and may add none but a dollar or degree sign.</summary>
    public static bool Same(MathValue reference, MathValue answer, WorkBound work)
    {
        work.Spend(1);
        return (reference, answer) switch
        {
            (Labelled one, Labelled other) when one.Label.SameAs(other.Label, work) => Same(one.Value, other.Value, work),
            (Labelled or Equation, Labelled or Equation) => SameEquation(reference, answer, work),
            (Labelled one, _) => Same(one.Value, answer, work),
            (_, Labelled other) => Same(reference, other.Value, work),
            (Scalar one, Scalar other) => SameQuantity(one, other, work),
            (Words one, Words other) => one.Text == other.Text,
            (Sequence one, Sequence other) => one.Open == other.Open && one.Close == other.Close && one.Items.Count == other.Items.Count
                && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second, work)),
            (Several one, Several other) when one.Kind == other.Kind || (one.Kind, other.Kind) is (SeveralKind.List, SeveralKind.Set) or (SeveralKind.Set, SeveralKind.List)
                => SameSeveral(one, other, work),
            (Relation one, Relation other) => one.Signs.SequenceEqual(other.Signs)
                && (one.Sides.Zip(other.Sides).All(pair => pair.First.SameAs(pair.Second, work)) || SameInequality(one, other, work)),
            (Relation one, Sequence other) => Interval(one) is { } interval && Same(interval, other, work),
            (Sequence one, Relation other) => Interval(other) is { } interval && Same(one, interval, work),
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

    // 1 ≤ x < 3 is [1,3), 5 < x is (5,∞).
    private static Sequence? Interval(Relation relation)
    {
        var infinity = Quotient.Atom("infty");
        var least = Quotient.Multiply(Quotient.Of(-1), infinity, new());
        bool Named(int side) => relation.Sides[side].Constant is null;
        bool Number(int side) => relation.Sides[side].Constant is not null;
        if (relation.Signs.Any(sign => sign is not ('<' or '≤')))
            return null;
        return relation.Sides.Count switch
        {
            2 when Number(0) && IsVariable(relation.Sides[1]) => Between(relation.Sides[0], relation.Signs[0], infinity, '<'),
            2 when IsVariable(relation.Sides[0]) && Number(1) => Between(least, '<', relation.Sides[1], relation.Signs[0]),
            3 when Number(0) && Named(1) && IsVariable(relation.Sides[1]) && Number(2) => Between(relation.Sides[0], relation.Signs[0], relation.Sides[2], relation.Signs[1]),
            _ => null,
        };

        static Sequence Between(Quotient low, char open, Quotient high, char close) =>
            new(open == '<' ? '(' : '[', [new Scalar(low), new Scalar(high)], close == '<' ? ')' : ']');
    }

    private static bool IsVariable(Quotient value) => value.Denominator.Constant is { } one && one == 1 && value.Numerator.Terms is { Count: 1 } terms
        && terms.First() is ({ Powers: [({ Length: 1 }, var power)] }, var coefficient) && power == 1 && coefficient == 1;

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
                || (reference.Unit == Scalar.Percent && Hundredth(reference.Value, work).SameAs(answer.Value, work));
        }

        if (reference.Unit == Scalar.Percent || answer.Unit == Scalar.Percent)
            return false;
        var (one, other) = (Units.Of(reference.Unit), Units.Of(answer.Unit));
        return one.Dimension == other.Dimension
            && Quotient.Multiply(reference.Value, Quotient.Of(one.Size), work).SameAs(Quotient.Multiply(answer.Value, Quotient.Of(other.Size), work), work);
    }

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
    public bool IsNotation => Unit is Dollars or Degrees;
}

/// <summary><c>x = 5</c>: a value with the name that it was given.</summary>
internal sealed record Labelled(Quotient Label, MathValue Value) : MathValue;

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
