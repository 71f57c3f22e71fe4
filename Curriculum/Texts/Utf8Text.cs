using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Curriculum.Texts;

/// <summary>Text that people bring, in plans, schedules, rates and data sets: UTF-8, with or without a byte order mark.</summary>
/// <remarks>Whatever reads such a file reads it through here, so that what one command accepts no other refuses. Nothing is guessed: another encoding is refused by its name.</remarks>
public static class Utf8Text
{
    // The first bytes of what people take for text. Those of UTF-32 come before those of UTF-16, which they begin with.
    private static readonly (byte[] Start, string Name)[] Others =
    [
        ([0xff, 0xfe, 0x00, 0x00], "UTF-32 (little-endian)"),
        ([0x00, 0x00, 0xfe, 0xff], "UTF-32 (big-endian)"),
        ([0xff, 0xfe], "UTF-16 (little-endian), which Windows calls Unicode"),
        ([0xfe, 0xff], "UTF-16 (big-endian)"),
        ([0x1f, 0x8b], "a gzip archive; unpack it"),
        ("PK\u0003\u0004"u8.ToArray(), "a zip archive; unpack it"),
        ("PAR1"u8.ToArray(), "a Parquet file; write it as JSON Lines"),
    ];

    /// <summary>The text without its byte order mark.</summary>
    public static ReadOnlySpan<byte> Content(ReadOnlySpan<byte> bytes) => bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;

    /// <summary>What keeps the bytes from being text, with the line of the first that is not; null where nothing does.</summary>
    public static string? Fault(ReadOnlySpan<byte> bytes)
    {
        if (FaultOfStart(bytes) is { } other)
            return other;
        if (Utf8.IsValid(bytes))
            return null;
        var at = FirstInvalid(bytes);
        return Invalid(bytes[at], bytes[..at].Count((byte)'\n') + 1);
    }

    /// <summary>Another encoding or a packed file, as its first four bytes tell; null where they may begin UTF-8.</summary>
    internal static string? FaultOfStart(ReadOnlySpan<byte> start)
    {
        foreach (var (bytes, name) in Others)
        {
            if (start.StartsWith(bytes))
                return $"Expected UTF-8, found {name}. Save the file as UTF-8.";
        }

        // JSON begins with a character of ASCII, which has one zero byte beside it in UTF-16 and three in UTF-32.
        return start.Length >= 2 && (start[0] == 0) != (start[1] == 0) ? "Expected UTF-8, found UTF-16 without a byte order mark. Save the file as UTF-8." : null;
    }

    internal static int FirstInvalid(ReadOnlySpan<byte> bytes)
    {
        var at = 0;
        while (at < bytes.Length && Rune.DecodeFromUtf8(bytes[at..], out _, out var read) == System.Buffers.OperationStatus.Done)
            at += read;
        return at;
    }

    internal static string Invalid(byte found, long line) => string.Create(
        CultureInfo.InvariantCulture, $"Expected UTF-8, found the byte 0x{found:X2} in line {line}, which is invalid there. Save the file as UTF-8; it may be Windows-1252.");
}
