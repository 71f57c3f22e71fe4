using Curriculum.Arithmetic;
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
            (Sequence one, Sequence other) =>
                one.Open == other.Open && one.Close == other.Close && (HasLabels(one.Items) == HasLabels(other.Items) || (AreOrdered(one.Items) && AreOrdered(other.Items)))
                && SameInOrder(one.Items, other.Items, work),
            (Several one, Several { Kind: SeveralKind.List } other) when Unnamed(one) is { } values && !HasLabels(other.Items) => SameInOrder(values, other.Items, work),
            (Several { Kind: SeveralKind.List } one, Several other) when Unnamed(other) is { } values && !HasLabels(one.Items) => SameInOrder(one.Items, values, work),
            (Several one, Sequence { Open: '(', Close: ')' } other) when Unnamed(one) is { } values && !HasLabels(other.Items) => SameInOrder(values, other.Items, work),
            (Sequence { Open: '(', Close: ')' } one, Several other) when Unnamed(other) is { } values && !HasLabels(one.Items) => SameInOrder(one.Items, values, work),
            (Several one, Several other) when one.Kind == other.Kind || (one.Kind, other.Kind) is (SeveralKind.List, SeveralKind.Set) or (SeveralKind.Set, SeveralKind.List)
                => SameSeveral(one, other, work),
            (Relation one, Relation other) => one.Signs.SequenceEqual(other.Signs)
                && (one.Sides.Zip(other.Sides).All(pair => pair.First.SameAs(pair.Second, work)) || SameInequality(one, other, work)),
            (Relation one, Sequence or Several { Kind: SeveralKind.Union }) => Intervals.Of(one) is { } interval && Same(interval, answer, work),
            (Sequence or Several { Kind: SeveralKind.Union }, Relation other) => Intervals.Of(other) is { } interval && Same(reference, interval, work),
            (Several { Kind: SeveralKind.Any } one, Several { Kind: SeveralKind.Union }) => Intervals.Union(one, work) is { } union && Same(union, answer, work),
            (Several { Kind: SeveralKind.Union }, Several { Kind: SeveralKind.Any } other) => Intervals.Union(other, work) is { } union && Same(reference, union, work),
            (Several { Kind: SeveralKind.All } one, not Several) => Intervals.Between(one, work) is { } between && Same(between, answer, work),
            (not Several, Several { Kind: SeveralKind.All } other) => Intervals.Between(other, work) is { } between && Same(reference, between, work),
            (Scalar one, Sequence other) => Intervals.IsReals(one) && Same(Intervals.Everything, other, work),
            (Sequence one, Scalar other) => Intervals.IsReals(other) && Same(one, Intervals.Everything, work),
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
        return named.Zip(named.Skip(1)).All(pair => string.CompareOrdinal(pair.First.Name, pair.Second.Name) < 0
            && string.Compare(pair.First.Name, pair.Second.Name, StringComparison.OrdinalIgnoreCase) < 0);
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
