using System.Globalization;
using Curriculum.Draws;

namespace Curriculum.Problems;

/// <summary>One labelled operation of a two-dials question.</summary>
/// <param name="Label">A, B, C ... by position.</param>
/// <param name="Sign"><c>=</c> loads the operand; <c>+</c> and <c>-</c> turn the dial by it, modulo 10.</param>
/// <param name="Operand">0 to 9.</param>
public readonly record struct DialOperation(char Label, char Sign, int Operand)
{
    /// <summary>Whether an operation loads is decided by its position alone: the first of each half does.</summary>
    internal static bool Loads(int position, int operations) => position == 0 || position == operations / 2;

    /// <summary>The dial after this operation.</summary>
    public int Apply(int previous) => Sign switch
    {
        '=' => Operand,
        '+' => (previous + Operand) % 10,
        _ => (previous - Operand + 10) % 10,
    };

    /// <summary>The line <c>label prev op operand = result ;</c> with these values, right or wrong.</summary>
    public string Line(int previous, int result) =>
        string.Create(CultureInfo.InvariantCulture, $"{Label}{previous}{Sign}{Operand}={result};");

    internal static DialOperation[] Draw(KeyedRandom random, int operations)
    {
        var drawn = new DialOperation[operations];
        for (var position = 0; position < operations; position++)
        {
            var sign = Loads(position, operations) ? '=' : random.NextInt(2) == 0 ? '+' : '-';
            drawn[position] = new((char)('A' + position), sign, random.NextInt(10));
        }

        return drawn;
    }

    internal static string Question(IReadOnlyList<DialOperation> operations) =>
        string.Concat(operations.Select(o => string.Create(CultureInfo.InvariantCulture, $"{o.Label}{o.Sign}{o.Operand}"))) + "?";

    /// <summary>Reads a question.</summary>
    /// <exception cref="FormatException">The text is not a two-dials question.</exception>
    public static IReadOnlyList<DialOperation> Parse(string question)
    {
        var count = question.Length / 3;
        var valid = question.Length % 3 == 1 && question[^1] == '?' && count is >= TwoDials.MinOperations and <= TwoDials.MaxOperations;
        var operations = new DialOperation[count];
        for (var position = 0; valid && position < count; position++)
        {
            var (label, sign, digit) = (question[3 * position], question[(3 * position) + 1], question[(3 * position) + 2]);
            valid = label == 'A' + position && char.IsAsciiDigit(digit)
                && (Loads(position, count) ? sign == '=' : sign is '+' or '-');
            operations[position] = new(label, sign, digit - '0');
        }

        return valid
            ? operations
            : throw new FormatException($"Expected a two-dials question such as A=7B+3C-2D=6E+5F-4?, found '{question}'.");
    }

    /// <summary>The value of the dial after each operation.</summary>
    internal static int[] Values(IReadOnlyList<DialOperation> operations)
    {
        var values = new int[operations.Count];
        var value = 0;
        for (var position = 0; position < values.Length; position++)
            values[position] = value = operations[position].Apply(value);
        return values;
    }
}
