using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Curriculum.Texts;

/// <summary>The lines of a text file, read as they are asked for.</summary>
/// <remarks>
/// A line ends in a line feed, a carriage return or both, whatever the system. A byte order mark is passed over, at the start and where files were joined.
/// Blank lines are given too, so that counting goes by the file's own lines.
/// </remarks>
public static class Utf8Lines
{
    /// <summary>Longest line, in bytes.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Whether there is nothing on a line for JSON Lines: white space of JSON alone.</summary>
    public static bool IsBlank(string line) => line.AsSpan().Trim(" \t\r\n").IsEmpty;

    /// <summary>The lines without their ends.</summary>
    /// <exception cref="InvalidDataException">Not UTF-8, or a line that is too long; the message says which line.</exception>
    public static IEnumerable<string> Read(Stream stream)
    {
        var (buffer, start, end) = (new byte[64 * 1024], 0, 0);
        var (line, more, passLineFeed, first) = (0L, true, false, true);
        while (more || start < end)
        {
            if (passLineFeed && start < end)
            {
                start += buffer[start] == (byte)'\n' ? 1 : 0;
                passLineFeed = false;
            }

            var at = buffer.AsSpan(start, end - start).IndexOfAny((byte)'\n', (byte)'\r');
            if (at < 0 && more)
            {
                if (end - start > MaxBytes)
                    throw TooLong(line + 1);
                (buffer, start, end) = Shift(buffer, start, end);
                var read = stream.ReadAtLeast(buffer.AsSpan(end), first ? 4 : 1, throwOnEndOfStream: false);
                (end, more) = (end + read, read > 0);
                if (first && Utf8Text.FaultOfStart(buffer.AsSpan(0, end)) is { } other)
                    throw new InvalidDataException(other);
                first = false;
                continue;
            }

            if (at < 0 && start == end)
                yield break;
            var length = at < 0 ? end - start : at;
            passLineFeed = at >= 0 && buffer[start + at] == (byte)'\r';
            yield return Text(buffer.AsSpan(start, length), ++line);
            start += at < 0 ? length : length + 1;
        }
    }

    /// <summary>The lines of a text in memory.</summary>
    /// <exception cref="InvalidDataException">As of the other.</exception>
    public static IReadOnlyList<string> Read(byte[] bytes) => [.. Read(new MemoryStream(bytes))];

    private static (byte[] Buffer, int Start, int End) Shift(byte[] buffer, int start, int end)
    {
        var target = end - start < buffer.Length ? buffer : new byte[buffer.Length * 2];
        buffer.AsSpan(start, end - start).CopyTo(target);
        return (target, 0, end - start);
    }

    private static string Text(ReadOnlySpan<byte> bytes, long line)
    {
        bytes = Utf8Text.Content(bytes);
        if (bytes.Length > MaxBytes)
            throw TooLong(line);
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw new InvalidDataException(Utf8Text.Invalid(bytes[Utf8Text.FirstInvalid(bytes)], line));
    }

    private static InvalidDataException TooLong(long line) =>
        new(string.Create(CultureInfo.InvariantCulture, $"Expected at most {MaxBytes} bytes in line {line}, found more."));
}
