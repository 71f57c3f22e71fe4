using CsCheck;
using Curriculum.Guards;

namespace Curriculum.Tests.Guards;

[Trait("Speed", "fast")]
public sealed class RepetitionTests
{
    [Theory]
    [InlineData("a b c d e", 0)] // abc bcd cde
    [InlineData("a b c a b c", 0.25)] // abc bca cab abc: 3 of 4 unique
    [InlineData("a a a a a", 2.0 / 3)] // one of three
    [InlineData("a b c", 0)] // one gram cannot repeat
    [InlineData("", 0)]
    [InlineData("aaaaa", 2.0 / 3)] // no white space: characters
    [InlineData("A0=7=7;B7+3=0;", 0)]
    public void Ngram_repetition_is_one_minus_unique_over_total(string text, double expected) =>
        Assert.Equal(expected, Repetition.Ngrams(text), 1e-12);

    [Theory]
    [InlineData(10, 10, true)]
    [InlineData(10, 9, false)]
    [InlineData(9, 12, false)] // as a block of 18 it stands 6 times only
    [InlineData(256, 10, true)]
    [InlineData(257, 10, false)]
    [InlineData(1, 100, true)] // one character is also a block of ten
    [InlineData(1, 99, false)]
    public void A_block_of_10_to_256_characters_ten_times_in_a_row_is_repetition(int length, int times, bool expected)
    {
        // All characters of the block differ, so that no shorter one repeats.
        var block = string.Concat(Enumerable.Range(0, length).Select(i => (char)(0x4E00 + i)));
        var text = "before" + string.Concat(Enumerable.Repeat(block, times)) + "after";
        Assert.Equal(expected, Repetition.HasBlock(text));
    }

    [Fact]
    public void Blocks_apart_are_no_repetition() =>
        Assert.False(Repetition.HasBlock(string.Concat(Enumerable.Range(0, 20).Select(i => $"abcdefghij{(char)(0x4E00 + i)}"))));

    [Fact]
    public void The_search_finds_what_counting_block_by_block_finds() =>
        Gen.Select(Gen.Int[1, 14], Gen.Int[1, 14], Gen.Int[0, 5], Gen.String[Gen.Char['a', 'b'], 0, 8]).Sample((length, times, shift, noise) =>
        {
            var block = string.Concat(Enumerable.Range(0, length).Select(i => (char)('c' + ((i + shift) % 5))));
            var text = noise + string.Concat(Enumerable.Repeat(block, times)) + noise;
            Assert.Equal(ByCounting(text), Repetition.HasBlock(text));
        });

    private static bool ByCounting(string text)
    {
        for (var length = 10; length * 10 <= text.Length; length++)
        {
            for (var start = 0; start + (length * 10) <= text.Length; start++)
            {
                var block = text.Substring(start, length);
                if (Enumerable.Range(1, 9).All(n => text.Substring(start + (n * length), length) == block))
                    return true;
            }
        }

        return false;
    }
}
