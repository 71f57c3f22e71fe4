using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
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
        List<Quotient> alike = [label];
        while (!member && Peek.Is("=") && IsName(label) && right is Scalar { Unit: null } other && IsName(other.Value))
        {
            // x = y = 5 alike both.
            _at++;
            alike.Add(other.Value);
            right = Quantity();
        }

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
        if (alike.Count > 1)
            return new Several(SeveralKind.List, [.. alike.Select(name => new Labelled(name, right))]);
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
}
