using System.Text.RegularExpressions;

namespace Curriculum.Problems;

/// <summary>Finds written computation in a text of any family.</summary>
internal static partial class Working
{
    /// <summary>Whether the text has an equation: a digit, then within the line an operator, a digit, an equals sign and a digit.</summary>
    public static bool HasEquation(string text) => Equation().IsMatch(text);

    [GeneratedRegex(@"[0-9)%][^\S\n]*[-+*/x×÷·^−][^=\n]{0,200}[0-9)%][^=\n]{0,20}=[^0-9\n]{0,20}[0-9]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Equation();
}
