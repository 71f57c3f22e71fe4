using Curriculum.Texts;
using Spectre.Console;

namespace Cli.Terminal;

/// <summary>Text from plans, data sets and models as a part of Spectre's markup: it steers neither the terminal nor the markup.</summary>
internal static class SafeMarkup
{
    public static string Of(string text) => VisibleText.Of(text).EscapeMarkup();
}
