using System.Text.Json;
using System.Text.RegularExpressions;

namespace Curriculum.Texts;

/// <summary>What is wrong with a JSON text, in words that name members and places, and nothing of the code that read it.</summary>
public static partial class JsonFault
{
    public static string Words(JsonException fault)
    {
        var place = fault.Path is { Length: > 0 } path ? $" at {path}" : "";
        var line = fault.LineNumber is { } number ? FormattableString.Invariant($" (line {number + 1}, byte {fault.BytePositionInLine + 1})") : "";
        var message = Place().Replace(fault.Message, "").TrimEnd('.', ' ');
        if (Missing().Match(message) is { Success: true } missing)
            return $"{missing.Groups[1].Value} missing{place}{line}.";
        if (Unknown().Match(message) is { Success: true } unknown)
            return $"the member '{unknown.Groups[1].Value}' is unknown{place}{line}.";
        return Conversion().IsMatch(message)
            ? $"another kind of value was expected{place}{line}."
            : $"{message}{place}{line}.";
    }

    /// <summary>What stands in a JSON text, with its article.</summary>
    public static string Words(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        JsonValueKind.Null => "null",
        _ => "nothing",
    };

    // The runtime's own messages, which name the type that was read.
    [GeneratedRegex(@"^JSON deserialization for type '.*' was missing required properties including: (.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex Missing();

    [GeneratedRegex(@"^The JSON property '(.*)' could not be mapped to any \.NET member contained in type '.*'$", RegexOptions.CultureInvariant)]
    private static partial Regex Unknown();

    [GeneratedRegex(@"could not be converted to|'[A-Z]\w*(\.\w+)+|\.NET", RegexOptions.CultureInvariant)]
    private static partial Regex Conversion();

    [GeneratedRegex(@"( Path: [^|]*\|)? ?LineNumber: \d+ \| BytePositionInLine: \d+\.?$", RegexOptions.CultureInvariant)]
    private static partial Regex Place();
}
