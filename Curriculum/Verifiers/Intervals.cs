using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>Conditions on one variable as intervals and unions of them.</summary>
internal static class Intervals
{
    private static Quotient Infinity => Quotient.Atom("infty");

    private static Quotient Least => Quotient.Multiply(Quotient.Of(-1), Infinity, new());

    public static Sequence Everything => new('(', [new Scalar(Least), new Scalar(Infinity)], ')');

    public static bool IsReals(Scalar value) => value.Unit is null && Labelled.NameOf(value.Value) == MathValue.Reals;

    // 1 ≤ x < 3 is [1,3), 5 < x is (5,∞), x ≠ 2 all but 2.
    public static MathValue? Of(Relation relation)
    {
        bool Number(int side) => IsNumber(relation.Sides[side]);
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
    public static Several? Union(Several conditions, WorkBound work)
    {
        Quotient? variable = null;
        List<MathValue> parts = [];
        foreach (var item in conditions.Items)
        {
            if (item is not Relation relation || relation.Sides.FirstOrDefault(IsVariable) is not { } name || Of(relation) is not Sequence part || !(variable ?? name).SameAs(name, work))
                return null;
            variable = name;
            parts.Add(part);
        }

        return new(SeveralKind.Union, parts);
    }

    // x > -1 and x < 2: one end each.
    public static Sequence? Between(Several conditions, WorkBound work) => conditions.Items is [Relation { Sides.Count: 2 } one, Relation { Sides.Count: 2 } other]
        && Of(one) is Sequence first && Of(other) is Sequence second && one.Sides.FirstOrDefault(IsVariable) is { } name && other.Sides.FirstOrDefault(IsVariable) is { } same
            && name.SameAs(same, work)
            ? (IsEnd(first.Items[1]), IsEnd(second.Items[0])) switch
            {
                (true, true) => new(first.Open, [first.Items[0], second.Items[1]], second.Close),
                (false, false) => new(second.Open, [second.Items[0], first.Items[1]], first.Close),
                _ => null,
            }
            : null;

    private static bool IsEnd(MathValue value) =>
        value is Scalar { Value: var end } && end.Constant is null && end.Numerator.Terms.Any(term => term.Monomial.Key == Infinity.Numerator.Terms.First().Monomial.Key);

    // Without a name in it: 2π, √3.
    private static bool IsNumber(Quotient value) => value.Numerator.Terms.Concat(value.Denominator.Terms)
        .All(term => term.Monomial.Powers.All(part => part.Atom[0] == '#' || part.Atom == "pi" || part.Atom.StartsWith("ln(#", StringComparison.Ordinal)));

    // A letter, with an index, or a function's value; |x| < 1 is another interval.
    private static bool IsVariable(Quotient value) => Labelled.NameOf(value) is { } name && name.IndexOf('(', StringComparison.Ordinal) is -1 or 1;
}
