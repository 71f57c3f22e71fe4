using Curriculum.Texts;

namespace Curriculum.Tests.Texts;

[Trait("Speed", "fast")]
public sealed class VisibleTextTests
{
    [Theory]
    [InlineData("plain, grüße, 数学 and 𝑥²", "plain, grüße, 数学 and 𝑥²")]
    [InlineData("two\nlines\tand a tab", "two\nlines\tand a tab")]
    [InlineData("\u001b[31mred\u001b[0m", "⟨U+001B⟩[31mred⟨U+001B⟩[0m")]
    [InlineData("back\rward\u0008", "back⟨U+000D⟩ward⟨U+0008⟩")]
    [InlineData("left\u202Etfel\u2066", "left⟨U+202E⟩tfel⟨U+2066⟩")]
    [InlineData("zero\u200Bwidth\uFEFF", "zero⟨U+200B⟩width⟨U+FEFF⟩")]
    [InlineData("\u009b31m\u2028", "⟨U+009B⟩31m⟨U+2028⟩")]
    [InlineData("tag\U000E0041", "tag⟨U+E0041⟩")]
    public void What_is_not_seen_or_would_be_obeyed_stands_as_its_code_point(string text, string seen) => Assert.Equal(seen, VisibleText.Of(text));

    [Fact]
    public void Half_a_character_is_told_too() => Assert.Equal("a⟨U+D83D⟩b", VisibleText.Of("a\ud83db"));

    [Fact]
    public void A_writer_passes_on_only_what_is_visible()
    {
        using var terminal = new StringWriter { NewLine = "\n" };
        using var writer = new VisibleWriter(terminal);
        writer.WriteLine("\u001b]0;title\u0007");
        writer.Write($"{1}{'\u202e'}");
        Assert.Equal("⟨U+001B⟩]0;title⟨U+0007⟩\n1⟨U+202E⟩", terminal.ToString());
    }
}
