using System.Globalization;
using Curriculum.Problems;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>Reads tokens as a value; what can be read in two ways is refused.</summary>
/// <remarks>
/// Top level here: lists, unions, relations, labels. Units are in <c>MathParser.Quantities.cs</c>, expressions in <c>MathParser.Expressions.cs</c>. Notation: <c>1/2x</c> (is x below?) and
/// <c>2\frac{3}{2}</c> (a product?) are refused; <c>1\frac{1}{2}</c> and <c>1 1/2</c> are mixed numbers.
/// </remarks>
internal sealed partial class MathParser(List<MathToken> tokens, WorkBound work)
{
    private const int MaxDepth = 40;
    private const int MaxItems = 100;

    private int _at;
    private int _depth;
    private int _branches;
    private int _branchSign = 1;

    private MathToken Peek => _at < tokens.Count ? tokens[_at] : default;

    /// <summary>The answer; one that says ± is the list of both values.</summary>
    /// <exception cref="UnreadableException">It is not understood.</exception>
    public MathValue Answer()
    {
        var first = Whole();
        if (_branches == 0)
            return first;
        if (_branches > 1 || first is Several)
            throw new UnreadableException("More than one ±, or ± in a list.");
        (_at, _depth, _branchSign, _notation) = (0, 0, -1, null);
        return new Several(SeveralKind.List, [first, Whole()]);
    }

    private MathValue Whole()
    {
        if (tokens.Count == 0)
            throw new UnreadableException("Nothing is written.");
        var items = Items();
        if (Peek.Kind != MathTokenKind.End)
            throw new UnreadableException($"'{Peek.Text}' does not belong there.");
        return items.Count == 1 ? items[0] : new Several(SeveralKind.List, items);
    }

    private List<MathValue> Items()
    {
        List<MathValue> items = [Item()];
        while (Peek.Is(",") || Peek.Is(";"))
        {
            // "1, 2, and 3"
            while (Peek.Is(",") || Peek.Is(";"))
                _at++;
            items.Add(Item());
            if (items.Count > MaxItems)
                throw new UnreadableException($"More than {MaxItems} items.");
        }

        return items;
    }

    private MathValue Item()
    {
        work.Spend(1);
        var first = Relation();
        if (!Peek.Is("∪"))
            return first;
        List<MathValue> parts = [first];
        while (Peek.Is("∪"))
        {
            _at++;
            parts.Add(Relation());
        }

        return parts.All(part => part is Sequence or Several { Kind: SeveralKind.Set })
            ? new Several(SeveralKind.Union, parts)
            : throw new UnreadableException("A union of something other than intervals and sets.");
    }

    private MathValue Relation()
    {
        if (Peek.Kind == MathTokenKind.Words)
            return new Words(tokens[_at++].Text);
        var left = Quantity();
        if (Peek.Is("=") || Peek.Is("∈"))
            return Equal(left);
        if (!IsOrder(Peek))
            return left;

        List<Quotient> sides = [Bare(left)];
        List<char> signs = [];
        while (IsOrder(Peek))
        {
            signs.Add(tokens[_at++].Text[0]);
            sides.Add(Bare(Quantity()));
        }

        if (signs.All(sign => sign is '>' or '≥'))
        {
            sides.Reverse();
            signs.Reverse();
            signs = [.. signs.Select(sign => sign == '>' ? '<' : '≤')];
        }

        return signs.All(sign => sign is '<' or '≤') || signs is ['≠']
            ? new Relation(sides, signs)
            : throw new UnreadableException("A chain of relations in two directions.");
    }

    private MathValue Equal(MathValue left)
    {
        var (label, member) = (Bare(left), Peek.Is("∈"));
        _at++;
        var right = Quantity();
        if (IsName(label))
            return new Labelled(label, right);
        return member ? throw new UnreadableException("A member that has no name.") : new Equation(Quotient.Add(label, Bare(right), -1, work));
    }

    private static bool IsOrder(MathToken token) => token.Kind == MathTokenKind.Sign && token.Text is "<" or ">" or "≤" or "≥" or "≠";

    private static bool IsName(Quotient value) => value.Denominator.Constant is { } one && one == 1 && value.Numerator.Terms is { Count: 1 } terms
        && terms.First() is ({ Powers: [({ } atom, var power)] }, var coefficient) && power == 1 && coefficient == 1 && atom is not "pi" && atom[0] != '#';

    private static Rational Integer(string number) => Rational.TryParse(number, out var value) ? value : throw new UnreadableException($"The number {number}.");

    private Quotient Number(string text)
    {
        var exponent = text.IndexOf('e', StringComparison.Ordinal);
        var value = Integer(exponent < 0 ? text : text[..exponent]);
        if (exponent < 0)
            return Quotient.Of(value);
        if (!int.TryParse(text.AsSpan(exponent + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var power))
            throw new UnreadableException($"The exponent of {text}.");
        return Quotient.Of(value * Numbers.Power(10, power, work));
    }
}
