using System.Globalization;
using Curriculum.Problems;
using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

/// <summary>Reads tokens as a value; what can be read in two ways is refused.</summary>
/// <remarks>
/// Top level here: lists, unions, relations, labels. Units are in <c>MathParser.Quantities.cs</c>, expressions in <c>MathParser.Expressions.cs</c>. Notation: <c>1/2x</c> (is x below?) and
/// <c>2\frac{3}{2}</c> (a product?) are refused; <c>1\frac{1}{2}</c> and <c>1 1/2</c> are mixed numbers.
/// </remarks>
internal sealed partial class MathParser(List<MathToken> tokens, WorkBound work, bool isReference = false)
{
    private const int MaxDepth = 40;
    private const int MaxItems = 100;

    private int _at;
    private int _depth;
    private int _branches;
    private int _branchSign = 1;
    private readonly HashSet<string> _joints = new(StringComparer.Ordinal);

    private MathToken Peek => _at < tokens.Count ? tokens[_at] : default;

    /// <summary>The answer; a part that says ± is a list of both values.</summary>
    /// <exception cref="UnreadableException">It is not understood.</exception>
    public MathValue Answer()
    {
        if (tokens.Count == 0)
            throw new UnreadableException("Nothing is written.");
        var items = Items(spread: true);
        if (Peek.Kind != MathTokenKind.End)
            throw new UnreadableException($"'{Peek.Text}' does not belong there.");
        return items.Count == 1 ? items[0]
            : NamedTuples(items) is { } tuples ? new Several(SeveralKind.List, tuples)
            : new Several(items.Any(item => item is Relation) ? Joined(items) : SeveralKind.List, items);
    }

    // x=1, y=2; x=3, y=4 are two tuples, by their names.
    private static List<MathValue>? NamedTuples(List<MathValue> items)
    {
        if (items.Any(item => item is not Labelled { Name: not null }))
            return null;
        string[] names = [.. items.Select(item => ((Labelled)item).Name!)];
        var size = names.Distinct(StringComparer.Ordinal).Count();
        if (size < 2 || size == names.Length || names.Length % size != 0 || names.Chunk(size).Any(chunk => !chunk.SequenceEqual(names.Take(size))))
            return null;
        return [.. items.Chunk(size).Select(MathValue (chunk) => new Sequence('(', [.. chunk.OrderBy(item => ((Labelled)item).Name, StringComparer.Ordinal)], ')'))];
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

    private List<MathValue> Items(bool spread = false)
    {
        List<MathValue> items = [];
        Add(items, spread);
        while (Joint())
        {
            // "1, 2, and 3"
            while (Joint())
            {
            }

            Add(items, spread);
            if (items.Count > MaxItems)
                throw new UnreadableException($"More than {MaxItems} items.");
        }

        return items;
    }

    // 1 ± √2 is read twice, in a tuple by whoever reads the tuple.
    private void Add(List<MathValue> items, bool spread)
    {
        var (start, depth, before) = (_at, _depth, _branches);
        items.Add(Item());
        if (!spread || _branches == before)
            return;
        if (_branches > before + 1)
            throw new UnreadableException("More than one ± in one value.");
        (_at, _depth, _branches, _branchSign) = (start, depth, before, -1);
        items.Add(Item());
        _branchSign = 1;
    }

    private MathValue Item()
    {
        work.Spend(1);
        var first = Relation();
        // -1 < x ≤ 1 : (-1, 1] says it twice.
        if (first is Relation && Peek.Is(":"))
        {
            _at++;
            return MathValue.Same(first, Item(), work) ? first : throw new UnreadableException("A condition and, after a colon, another.");
        }

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
            return Word(tokens[_at++].Text);
        if (Peek.Is("≈"))
            return Approximate(null);
        var left = Quantity();
        if (Peek.Is(":"))
            return Ratio(left);
        if (Peek.Is("=") || Peek.Is("∈"))
            return Equal(left);
        if (Peek.Is("≈"))
            return Approximate(left);
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
        if (left is Sequence { Open: '⟦' or '[' } || (left is Sequence && right is Sequence { Close: ']' }))
            return isReference || MathValue.Same(left, right, work) ? right : throw new UnreadableException("An equation whose sides differ.");
        if (left is Sequence names)
            return AreInOrder(names) && right is Sequence values && values.Items.Count == names.Items.Count ? right : throw new UnreadableException("A tuple on the left of an equation.");
        var label = Bare(left);
        var chain = false;
        while (!member && Peek.Is("="))
        {
            // x = 2 + 3 = 5; whoever wrote a reference says that its sides are equal, and the last one is the answer.
            _at++;
            chain = true;
            var next = Quantity();
            right = isReference || Bare(right).SameAs(Bare(next), work) ? next : throw new UnreadableException("A chain of equations whose sides differ.");
        }

        if (Peek.Is("≈"))
            right = Approximate(right);
        // A matrix or an interval on the right is the answer, whatever is on the left: B^{-1}, or 2A - B.
        if (IsName(label) || IsSegments(label) || (!member && right is not Scalar and not Approximated && label.Constant is null))
            return new Labelled(label, right);
        if (member)
            throw new UnreadableException("A member that has no name.");
        if (right is Approximated)
            return isReference ? right : throw new UnreadableException("A rounding of something that has no name.");
        if (chain)
            return isReference || label.SameAs(Bare(right), work) ? right : throw new UnreadableException("A chain of equations whose sides differ.");
        if (label.Constant is not null && IsName(Bare(right)))
            return new Labelled(Bare(right), left);
        return label.Constant is not null && label.SameAs(Bare(right), work) ? right : new Equation(Quotient.Add(label, Bare(right), -1, work));
    }

    // 10 cos 5° ≈ 9.962; x ≈ 9.962 has no exact side.
    private MathValue Approximate(MathValue? exact)
    {
        MathValue? rounded = null;
        while (Peek.Is("≈"))
        {
            _at++;
            var side = Quantity();
            rounded ??= side;
        }

        return exact is Scalar { Unit: null } name && IsName(name.Value) ? new Labelled(name.Value, new Approximated(null, rounded!)) : new Approximated(exact, rounded!);
    }

    private static MathValue Word(string text) => text is "all real numbers" or "all reals" or "real numbers" ? new Scalar(Quotient.Atom(MathValue.Reals)) : new Words(text);

    // NO : BO or its quotient, of segments and angles, which no curve is an equation in.
    private static bool IsSegments(Quotient label) => label.Denominator.Constant is { } one && one == 1 && label.Numerator.Terms is { Count: 1 } terms && terms.First() is var (monomial, coefficient)
        && coefficient == 1 && monomial.Powers.Count > 0 && monomial.Powers.All(part => part.Power == 1 || part.Power == -1)
        && monomial.Powers.All(part => part.Atom.Length > 1 && (part.Atom.All(char.IsAsciiLetterUpper) || part.Atom.StartsWith("bar ", StringComparison.Ordinal)));

    private static bool AreInOrder(Sequence names)
    {
        string?[] written = [.. names.Items.Select(item => item is Scalar { Unit: null } scalar ? Labelled.NameOf(scalar.Value) : null)];
        return written.All(name => name is not null) && written.SequenceEqual(written.Order(StringComparer.Ordinal));
    }

    // 2:3, and a time: the parts as they are, since 1:20 is no 2:40. A:B = 2:3 names what the ratio is of.
    private MathValue Ratio(MathValue first)
    {
        var ratio = Parts(first);
        if (!Peek.Is("="))
            return ratio;
        var label = ratio.Items.Count == 2 && ratio.Items.All(item => IsName(Bare(item))) ? Quotient.Divide(Bare(ratio.Items[0]), Bare(ratio.Items[1]), work)
            : throw new UnreadableException("A ratio of something other than two names on the left of an equation.");
        _at++;
        var value = Quantity();
        return new Labelled(label, Peek.Is(":") ? Parts(value) : value);
    }

    private Sequence Parts(MathValue first)
    {
        List<MathValue> parts = [new Scalar(Bare(first))];
        while (Peek.Is(":"))
        {
            _at++;
            parts.Add(new Scalar(Bare(Quantity())));
        }

        return new(':', parts, ':');
    }

    private static bool IsOrder(MathToken token) => token.Kind == MathTokenKind.Sign && token.Text is "<" or ">" or "≤" or "≥" or "≠";

    private static bool IsName(Quotient value) => Labelled.NameOf(value) is not null;

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
