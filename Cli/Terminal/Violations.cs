namespace Cli.Terminal;

/// <summary>What is wrong with a document, a line each.</summary>
internal static class Violations
{
    public static string Lines(IEnumerable<(string Pointer, string Message)> violations) =>
        string.Join('\n', violations.Select(violation => $"  {(violation.Pointer.Length == 0 ? "(document)" : violation.Pointer)}: {violation.Message}"));
}
