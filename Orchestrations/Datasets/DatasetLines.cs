using System.Text.Json;

namespace Orchestrations.Datasets;

/// <summary>What every data set is, whatever its family makes of it: lines of JSON objects.</summary>
public static class DatasetLines
{
    /// <summary>Longest line, in bytes.</summary>
    public const int MaxLine = 1024 * 1024;

    /// <summary>How many there are, or what is wrong with the first that is none.</summary>
    public static async Task<(long Lines, string? Wrong)> CheckAsync(Stream stream, CancellationToken cancellationToken)
    {
        var (line, lines) = (0L, 0L);
        var pending = new MemoryStream();
        var buffer = new byte[64 * 1024];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            var rest = buffer.AsMemory(0, read);
            for (int end; (end = rest.Span.IndexOf((byte)'\n')) >= 0; rest = rest[(end + 1)..])
            {
                line++;
                pending.Write(rest.Span[..end]);
                if (Wrong(pending, line) is { } wrong)
                    return (lines, wrong);
                lines += pending.Length > 0 ? 1 : 0;
                pending.SetLength(0);
            }

            pending.Write(rest.Span);
            if (pending.Length > MaxLine)
                return (lines, $"line {line + 1}: expected at most {MaxLine} bytes, found more.");
        }

        if (Wrong(pending, line + 1) is { } last)
            return (lines, last);
        lines += pending.Length > 0 ? 1 : 0;
        return (lines, lines == 0 ? "expected at least one line, found none." : null);
    }

    private static string? Wrong(MemoryStream text, long line)
    {
        if (text.Length > MaxLine)
            return $"line {line}: expected at most {MaxLine} bytes, found {text.Length}.";
        var bytes = text.GetBuffer().AsSpan(0, (int)text.Length).Trim(" \t\r"u8);
        if (line == 1 && bytes.StartsWith("\ufeff"u8))
            bytes = bytes[3..];
        if (bytes.IsEmpty)
        {
            text.SetLength(0);
            return null;
        }

        try
        {
            var found = JsonElement.Parse(bytes).ValueKind;
            return found == JsonValueKind.Object ? null : $"line {line}: expected a JSON object, found {found}.";
        }
        catch (JsonException malformed)
        {
            return $"line {line}: expected a JSON object: {malformed.Message}";
        }
    }
}
