using Curriculum.Arithmetic;

namespace Curriculum.Problems;

/// <summary>The calculator annotations of a text, <c>&lt;&lt;expression=value&gt;&gt;</c>, each recomputed exactly.</summary>
public static class Annotations
{
    /// <summary>In the order written; never throws.</summary>
    public static IReadOnlyList<Annotation> Read(string text)
    {
        var found = new List<Annotation>();
        var at = 0;
        while (text.IndexOf("<<", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = text.IndexOf(">>", open, StringComparison.Ordinal);
            if (close < 0)
            {
                found.Add(new(text[(open + 2)..], AnnotationFault.Unreadable));
                break;
            }

            var written = text[(open + 2)..close];
            found.Add(new(written, Judge(written)));
            at = close + 2;
        }

        return found;
    }

    private static AnnotationFault Judge(string written)
    {
        var equals = written.LastIndexOf('=');
        if (equals < 0 || !ExactArithmetic.TryEvaluate(written.AsSpan(equals + 1), out var value))
            return AnnotationFault.Unreadable;

        // A chain a=b=c holds if every part equals the last.
        var rounded = false;
        foreach (var range in written.AsSpan(0, equals).Split('='))
        {
            if (!ExactArithmetic.TryEvaluate(written.AsSpan(0, equals)[range], out var exact))
                return AnnotationFault.Unreadable;
            if (exact == value)
                continue;
            if ((exact - value).Abs() >= LastPlace(written.AsSpan(equals + 1)))
                return AnnotationFault.Wrong;
            rounded = true;
        }

        return rounded ? AnnotationFault.Rounded : AnnotationFault.None;
    }

    /// <summary>What one unit of a number's last digit is worth: 1/100 for 0.33.</summary>
    private static Rational LastPlace(ReadOnlySpan<char> number)
    {
        var percent = number.TrimEnd().EndsWith('%') ? 100 : 1;
        var point = number.LastIndexOf('.');
        var digits = 0;
        while (point >= 0 && point + 1 + digits < number.Length && char.IsAsciiDigit(number[point + 1 + digits]))
            digits++;
        return 1 / (((Rational)10).Pow(digits) * percent);
    }
}

/// <summary>One annotation.</summary>
/// <param name="Text">What stands between the brackets.</param>
/// <param name="Fault">What is wrong with it.</param>
public sealed record Annotation(string Text, AnnotationFault Fault);

/// <summary>Faults of an annotation.</summary>
public enum AnnotationFault
{
    /// <summary>Both sides are equal.</summary>
    None,

    /// <summary>Not equal, but within one unit of the value's last place.</summary>
    Rounded,

    /// <summary>Not equal.</summary>
    Wrong,

    /// <summary>Not arithmetic, not closed, or a division by zero.</summary>
    Unreadable,
}
