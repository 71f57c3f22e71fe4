using System.Globalization;
using System.Text;
using Spectre.Console;

namespace Cli.Terminal;

/// <summary>Text from plans, data sets and models, made safe to print: what would steer the terminal or turn the reading direction is shown as what it is.</summary>
internal static class VisibleText
{
    public static string Of(string text)
    {
        if (!text.Any(Hidden))
            return text;
        var visible = new StringBuilder(text.Length + 16);
        foreach (var character in text)
        {
            if (Hidden(character))
                visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
            else
                visible.Append(character);
        }

        return visible.ToString();
    }

    /// <summary>The same as a part of Spectre's markup.</summary>
    public static string Markup(string text) => Of(text).EscapeMarkup();

    private static bool Hidden(char character) =>
        (char.IsControl(character) && character is not ('\n' or '\t'))
        || character is '\u061C' or '\u200E' or '\u200F' or '\u2028' or '\u2029' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');
}
