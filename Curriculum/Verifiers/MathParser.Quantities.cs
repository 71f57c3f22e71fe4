using Curriculum.Verifiers.Algebra;

namespace Curriculum.Verifiers;

internal sealed partial class MathParser
{
    // The dollar or degree sign of the quantity that is being read: it can stand anywhere in it.
    private string? _notation;

    private MathValue Quantity()
    {
        var outside = _notation;
        _notation = null;
        var value = Sum();
        if (value is Scalar { IsNotation: true })
            value = new Scalar(Bare(value));
        value = Peek.Is("%") || Peek.Kind == MathTokenKind.Words ? Measured(Bare(value))
            : value is Scalar { Unit: null } bare ? bare with { Unit = _notation }
            : value;
        _notation = outside;
        return value is Scalar { Unit: { } unit } first && Peek.Kind == MathTokenKind.Number ? Compound(first, unit) : value;
    }

    // 5 feet 10 inches: a smaller unit of the same dimension after a larger one.
    private Scalar Compound(Scalar first, string unit)
    {
        var value = first.Value;
        var largest = Units.Of(unit);
        for (var last = largest; Peek.Kind == MathTokenKind.Number;)
        {
            var part = Number(tokens[_at++].Text);
            var next = Peek.Kind == MathTokenKind.Words ? Units.Of(tokens[_at++].Text) : default;
            if (next.Dimension != largest.Dimension || next.Size >= last.Size)
                throw new UnreadableException("A number after a unit, without a smaller unit of its own.");
            last = next;
            value = Quotient.Add(value, Quotient.Multiply(part, Quotient.Of(next.Size / largest.Size), work), first.Value.IsNegated ? -1 : 1, work);
        }

        return first with { Value = value };
    }

    private Scalar Measured(Quotient value)
    {
        var token = tokens[_at++];
        if (token.Kind != MathTokenKind.Words)
            return Percentage(value);
        var (scale, unit) = NumberWords.Read(token.Text);
        if (scale != 1)
            value = Quotient.Multiply(Quotient.Of(scale), value, work);
        return unit switch
        {
            null => new(value, _notation),
            "percent" or "pct" or "percentage" => Percentage(value),
            _ => new(value, WithNotation(unit + UnitPower() + Below())),
        };
    }

    private Scalar Percentage(Quotient value) => _notation is null
        ? new(value, Scalar.Percent)
        : throw new UnreadableException($"The sign {_notation} and percent.");

    // mi / hr
    private string Below()
    {
        if (!Peek.Is("/") || _at + 1 >= tokens.Count || !(tokens[_at + 1].Kind == MathTokenKind.Words || (tokens[_at + 1].Kind == MathTokenKind.Letter && Units.IsUnit(tokens[_at + 1].Text))))
            return "";
        _at += 2;
        return $" per {tokens[_at - 1].Text}{UnitPower()}";
    }

    private string UnitPower()
    {
        if (!Peek.Is("^") || _at + 1 >= tokens.Count)
            return "";
        var braces = tokens[_at + 1].Is("{") ? 1 : 0;
        if (_at + 1 + (2 * braces) >= tokens.Count || tokens[_at + 1 + braces] is not { Kind: MathTokenKind.Number, Text: "2" or "3" } power
            || (braces == 1 && !tokens[_at + 3].Is("}")))
        {
            return "";
        }

        _at += 2 + (2 * braces);
        return $"^{power.Text}";
    }

    // "$18 dollars" says it twice, "$18 per hour" are dollars per hour.
    private string WithNotation(string unit) => _notation is null || Units.Of(unit) == Units.Of(_notation)
        ? unit
        : $"{Units.Named(_notation)} {unit}";

    private void Note(string sign) => _notation = _notation is null || _notation == sign
        ? sign
        : throw new UnreadableException($"Both {_notation} and {sign} in one expression.");

    /// <summary>The expression without a unit; a dollar or degree sign goes to the quantity that it is part of.</summary>
    private Quotient Bare(MathValue value)
    {
        if (value is not Scalar scalar || !(scalar.Unit is null || scalar.IsNotation))
            throw new UnreadableException("An expression was expected where a set, an interval or a unit stands.");
        if (scalar.Unit is { } sign)
            Note(sign);
        return scalar.Value;
    }
}
