using System.Text;
using CsCheck;
using Curriculum.Costs;
using Curriculum.Submission;
using Curriculum.Tests.Submission;
using Curriculum.Texts;

namespace Curriculum.Tests.Texts;

[Trait("Speed", "fast")]
public sealed class Utf8LinesTests
{
    private static readonly byte[] Mark = [0xef, 0xbb, 0xbf];

    [Theory]
    [InlineData("a\nb", "a", "b")]
    [InlineData("a\nb\n", "a", "b")]
    [InlineData("a\r\nb\r\n", "a", "b")] // as Windows saves it
    [InlineData("a\rb\r", "a", "b")]
    [InlineData("a\n\n\r\nb\n\n", "a", "", "", "b", "")] // blank lines count
    [InlineData("\ufeffa\n\ufeffb", "a", "b")] // two files with a mark each, joined
    [InlineData("a\u2028b\u0085c", "a\u2028b\u0085c")] // these end no line of a file
    [InlineData("\ufeff", "")]
    [InlineData("")]
    [InlineData("\u00e9\U0001F600", "\u00e9\U0001F600")]
    public void Lines_end_as_any_system_ends_them(string text, params string[] lines) => Assert.Equal(lines, Utf8Lines.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void A_stream_that_comes_in_pieces_has_the_same_lines() => Gen.Select(Gen.String[Gen.Char["ab\r\n\ufeffé"], 0, 200], Gen.Int[1, 7]).Sample((text, size) =>
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return Utf8Lines.Read(bytes).SequenceEqual(Utf8Lines.Read(new Pieces(bytes, size)));
    });

    [Fact]
    public void Lines_longer_than_the_buffer_are_whole_and_those_that_are_too_long_are_named()
    {
        var long1 = new string('x', 200_000);
        Assert.Equal([long1, "y"], Utf8Lines.Read(Encoding.UTF8.GetBytes($"{long1}\r\ny\r\n")));
        Assert.Equal([new string('x', Utf8Lines.MaxBytes)], Utf8Lines.Read(Encoding.UTF8.GetBytes(new string('x', Utf8Lines.MaxBytes))));
        Assert.Contains("Expected at most 1048576 bytes in line 2", Fault([.. "a\n"u8, .. Encoding.UTF8.GetBytes(new string('x', Utf8Lines.MaxBytes + 1))]), StringComparison.Ordinal);
    }

    public static TheoryData<byte[], string> Other => new()
    {
        { [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{}\n")], "UTF-16 (little-endian)" },
        { [.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes("{}\n")], "UTF-16 (big-endian)" },
        { Encoding.Unicode.GetBytes("{}\n"), "UTF-16 without a byte order mark" },
        { Encoding.BigEndianUnicode.GetBytes("{}\n"), "UTF-16 without a byte order mark" },
        { [.. Encoding.UTF32.Preamble, .. Encoding.UTF32.GetBytes("{}\n")], "UTF-32 (little-endian)" },
        { [0x1f, 0x8b, 8, 0, 0, 0], "gzip" },
        { [.. "{}\n{\"a\": \"caf"u8, 0xe9, .. "\"}\n"u8], "found the byte 0xE9 in line 2" }, // é of Windows-1252
    };

    [Theory]
    [MemberData(nameof(Other))]
    public void Another_encoding_is_refused_by_its_name_wherever_a_person_brings_a_file(byte[] bytes, string name)
    {
        Assert.Contains(name, Fault(bytes), StringComparison.Ordinal);
        Assert.Contains(name, Utf8Text.Fault(bytes), StringComparison.Ordinal);
        Assert.Contains(name, Assert.Single(PlanReader.Read(bytes).Violations).Message, StringComparison.Ordinal);
        Assert.Contains(name, Assert.Throws<System.Text.Json.JsonException>(() => RateTable.Read(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_byte_order_mark_changes_nothing_wherever_a_person_brings_a_file()
    {
        var plan = Encoding.UTF8.GetBytes(PlanText.Valid.ReplaceLineEndings("\r\n"));
        Assert.Equal(PlanReader.Read(PlanText.Valid).Hash, PlanReader.Read([.. Mark, .. plan]).Hash);
        var rates = File.ReadAllBytes(Path.Combine(Repository.Root, "Curriculum", "Costs", "rates.json"));
        Assert.Equal(RateTable.Shipped.Currency, RateTable.Read([.. Mark, .. rates]).Currency);
    }

    private static string Fault(byte[] bytes) => Assert.Throws<InvalidDataException>(() => Utf8Lines.Read(bytes)).Message;

    /// <summary>Gives a few bytes at a time, as a network does.</summary>
    private sealed class Pieces(byte[] bytes, int size) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(size, buffer.Length)]);
    }
}
