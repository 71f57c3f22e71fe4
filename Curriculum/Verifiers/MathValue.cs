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
            (Labelled one, Labelled other) => one.Label.SameAs(other.Label, work) && Same(one.Value, other.Value, work),
            (Labelled one, _) => Same(one.Value, answer, work),
            (_, Labelled other) => Same(reference, other.Value, work),
            (Scalar one, Scalar other) => SameQuantity(one, other, work),
            (Words one, Words other) => one.Text == other.Text,
            (Sequence one, Sequence other) => one.Open == other.Open && one.Close == other.Close && one.Items.Count == other.Items.Count
                && one.Items.Zip(other.Items).All(pair => Same(pair.First, pair.Second, work)),
            (Several one, Several other) when one.Kind == other.Kind || (one.Kind, other.Kind) is (SeveralKind.List, SeveralKind.Set) or (SeveralKind.Set, SeveralKind.List)
                => SameSeveral(one, other, work),
            (Relation one, Relation other) => one.Signs.SequenceEqual(other.Signs) && one.Sides.Zip(other.Sides).All(pair => pair.First.SameAs(pair.Second, work)),
            (Equation one, Equation other) => one.Difference.SameAs(other.Difference, work)
                || one.Difference.SameAs(Quotient.Multiply(Quotient.Of(-1), other.Difference, work), work),
            _ => false,
        };
    }

    private static bool SameQuantity(Scalar reference, Scalar answer, WorkBound work)
    {
        if (reference.Unit == answer.Unit)
            return reference.Value.SameAs(answer.Value, work);
        if (reference.Unit is null)
            return answer.IsNotation ? reference.Value.SameAs(answer.Value, work) : answer.Unit == Scalar.Percent && reference.Value.SameAs(Hundredth(answer.Value, work), work);
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

        var left = other.Items.ToList();
        return one.Items.Count == left.Count && one.Items.All(item => left.FindIndex(found => Same(item, found, work)) is var at and >= 0 && Taken(left, at));
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
}

/// <summary>Sides with signs between them, <c>&lt;</c> and <c>≤</c> only where they have a direction.</summary>
internal sealed record Relation(IReadOnlyList<Quotient> Sides, IReadOnlyList<char> Signs) : MathValue;

/// <summary>An equation, as what must be zero.</summary>
internal sealed record Equation(Quotient Difference) : MathValue;
