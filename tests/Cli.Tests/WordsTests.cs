using Cli.Terminal;

namespace Cli.Tests;

[Trait("Speed", "fast")]
public sealed class WordsTests
{
    [Theory]
    [InlineData(59, "00:59")]
    [InlineData(3_599, "59:59")]
    [InlineData(3_600, "1:00:00")]
    [InlineData(90_061, "1d 01:01:01")]
    public void A_duration_has_hours_and_days_once_there_are_any(int seconds, string words) => Assert.Equal(words, Durations.Of(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(1, "1 second")]
    [InlineData(119, "1 minute")]
    [InlineData(7_300, "2 hours")]
    [InlineData(90_000, "1 day")]
    [InlineData(-5, "0 seconds")]
    public void How_long_ago_is_told_in_the_largest_unit(int seconds, string words) => Assert.Equal(words, Durations.Ago(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Control_and_bidirectional_characters_are_shown_and_all_other_text_is_left_as_it_is()
    {
        Assert.Equal("a⟨U+001B⟩[[31m⟨U+0007⟩⟨U+202E⟩⟨U+2066⟩b", SafeMarkup.Of("a\u001b[31m\u0007\u202e\u2066b"));
        Assert.Equal("Zürich\t数学\n∑ 😀", SafeMarkup.Of("Zürich\t数学\n∑ 😀"));
        Assert.Equal("[[red]]", SafeMarkup.Of("[red]"));
    }
}
