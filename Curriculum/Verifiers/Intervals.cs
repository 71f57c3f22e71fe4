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

    // A letter, with an index, or a function's value; |x| < 1 is another interval.
    private static bool IsVariable(Quotient value) => Labelled.NameOf(value) is { } name && name.IndexOf('(', StringComparison.Ordinal) is -1 or 1;
}
