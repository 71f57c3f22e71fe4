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
    private readonly HashSet<string> _joints = new(StringComparer.Ordinal);

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
        _joints.Clear();
        return new Several(SeveralKind.List, [first, Whole()]);
    }

    private MathValue Whole()
    {
        if (tokens.Count == 0)
            throw new UnreadableException("Nothing is written.");
        var items = Items();
        if (Peek.Kind != MathTokenKind.End)
            throw new UnreadableException($"'{Peek.Text}' does not belong there.");
        return items.Count == 1 ? items[0] : new Several(items.Any(item => item is Relation) ? Joined(items) : SeveralKind.List, items);
    }

    // Values are listed by whatever word; of conditions it says whether all hold or one.
    private SeveralKind Joined(List<MathValue> items) => (_joints.Contains(MathLexer.And), _joints.Contains(MathLexer.Or)) switch
    {
        (true, false) => SeveralKind.All,
        (false, true) => SeveralKind.Any,
        (false, false) => SeveralKind.List,
        _ => throw new UnreadableException($"Both 'and' and 'or' between {items.Count} conditions."),
    };

    private bool Joint()
    {
        if (!(Peek.Is(",") || Peek.Is(";") || Peek.Is(MathLexer.And) || Peek.Is(MathLexer.Or)))
            return false;
        _joints.Add(tokens[_at++].Text);
        return true;
    }

    private List<MathValue> Items()
    {
        List<MathValue> items = [Item()];
        while (Joint())
        {
            // "1, 2, and 3"
            while (Joint())
            {
            }

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
        if (Peek.Is("∖"))
        {
            _at++;
            return new Sequence('∖', [first, Relation()], '∖');
        }

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
        if (Peek.Is(":"))
            return Ratio(left);
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
        var member = Peek.Is("∈");
        _at++;
        var right = Quantity();
        // (x, y) = (1, 2): the names say nothing where they stand in their own order.
        if (left is Sequence names)
            return AreInOrder(names) && right is Sequence values && values.Items.Count == names.Items.Count ? right : throw new UnreadableException("A tuple on the left of an equation.");
        var label = Bare(left);
        while (!member && Peek.Is("="))
        {
            // x = 2 + 3 = 5
            _at++;
            var next = Quantity();
            right = Bare(right).SameAs(Bare(next), work) ? next : throw new UnreadableException("A chain of equations whose sides differ.");
        }

        if (IsName(label))
            return new Labelled(label, right);
        if (member)
            throw new UnreadableException("A member that has no name.");
        if (label.Constant is not null && IsName(Bare(right)))
            return new Labelled(Bare(right), left);
        return label.Constant is not null && label.SameAs(Bare(right), work) ? right : new Equation(Quotient.Add(label, Bare(right), -1, work));
    }

    private static bool AreInOrder(Sequence names)
    {
        string?[] written = [.. names.Items.Select(item => item is Scalar { Unit: null } scalar && IsName(scalar.Value) ? scalar.Value.Numerator.Terms.First().Monomial.Key : null)];
        return written.All(name => name is not null) && written.SequenceEqual(written.Order(StringComparer.Ordinal));
    }

    // 2:3, and a time: the parts as they are, since 1:20 is no 2:40.
    private Sequence Ratio(MathValue first)
    {
        List<MathValue> parts = [new Scalar(Bare(first))];
        while (Peek.Is(":"))
        {
            _at++;
            parts.Add(new Scalar(Bare(Quantity())));
        }

        return new(':', parts, ':');
    }

    private Sequence Matrix()
    {
        List<MathValue> rows = [];
        while (!Peek.Is(MathLexer.EndMatrix))
        {
            List<MathValue> row = [Quantity()];
            for (; Peek.Is("&"); row.Add(Quantity()))
                _at++;
            rows.Add(new Sequence('&', row, '&'));
            if (rows.Count > MaxItems || row.Count > MaxItems)
                throw new UnreadableException($"More than {MaxItems} rows or columns.");
            if (Peek.Is(MathLexer.NextRow))
                _at++;
            else if (!Peek.Is(MathLexer.EndMatrix))
                throw new UnreadableException("A matrix that does not end.");
        }

        _at++;
        return rows.Count > 0 && rows.All(row => ((Sequence)row).Items.Count == ((Sequence)rows[0]).Items.Count)
            ? new('⟦', rows, '⟧')
            : throw new UnreadableException("A matrix whose rows differ in length.");
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
