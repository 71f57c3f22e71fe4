using Curriculum.Arithmetic;
using Curriculum.Draws;

namespace Curriculum.Problems;

/// <summary>An arithmetic expression with its exact value.</summary>
/// <param name="Text">Terms are <c>7</c>, <c>(3/4)</c>, <c>7^2</c>, <c>7^3</c>; every operation but the outermost is in parentheses.</param>
/// <param name="Value">Exact.</param>
/// <param name="Operation">Null for a term.</param>
internal sealed record CalculationExpression(string Text, Rational Value, CalculationOperation? Operation = null)
{
    /// <summary>A draw from S0: with equal probability an integer 0-100, a fraction, a square or a cube of such integers.</summary>
    public static CalculationExpression Term(KeyedRandom random)
    {
        var kind = random.NextInt(4);
        var number = random.NextInt(101);
        switch (kind)
        {
            case 0:
                return new(FormattableString.Invariant($"{number}"), number);
            case 1:
                var denominator = 2 + random.NextInt(99);
                return new(FormattableString.Invariant($"({number}/{denominator})"), new(number, denominator));
            default:
                return new(FormattableString.Invariant($"{number}^{kind}"), ((Rational)number).Pow(kind));
        }
    }

    /// <summary>Left and right under an operator; null where it would divide by zero.</summary>
    public static CalculationExpression? Combine(CalculationExpression left, CalculationExpression right, char sign)
    {
        if (sign == '/' && right.Value.IsZero)
            return null;
        var value = sign switch
        {
            '+' => left.Value + right.Value,
            '-' => left.Value - right.Value,
            '*' => left.Value * right.Value,
            _ => left.Value / right.Value,
        };
        return new($"{left.Inner}{sign}{right.Inner}", value, new(left, right, sign));
    }

    /// <summary>One line for each power and operation, inner ones first: <c>7^2=49;</c>, <c>49*(-3/4)=-147/4;</c>.</summary>
    public IEnumerable<string> Steps()
    {
        if (Operation is not { } operation)
        {
            if (Text.Contains('^', StringComparison.Ordinal))
                yield return $"{Text}={Value};";
            yield break;
        }

        foreach (var step in operation.Left.Steps().Concat(operation.Right.Steps()))
            yield return step;
        yield return $"{Operand(operation.Left)}{operation.Sign}{Operand(operation.Right)}={Value};";
    }

    private string Inner => Operation is null ? Text : $"({Text})";

    private static string Operand(CalculationExpression operand) =>
        operand.Value.IsInteger && operand.Value >= 0 ? $"{operand.Value}" : $"({operand.Value})";
}

/// <summary>What an expression is made of.</summary>
internal sealed record CalculationOperation(CalculationExpression Left, CalculationExpression Right, char Sign);
