using System.Diagnostics;
using System.Text.Json;
using CsCheck;
using Curriculum.Rewards;
using Testing;

namespace Curriculum.Tests.Rewards;

[Trait("Speed", "fast")]
public sealed class SequenceMatcherTests
{
    [Theory]
    [InlineData("", "", 1)]
    [InlineData("", "x", 0)]
    [InlineData("x", "", 0)]
    [InlineData("abc", "abc", 1)]
    [InlineData("abcd", "bcde", 0.75)] // bcd: 2 * 3 / 8
    [InlineData("WIKIMEDIA", "WIKIMANIA", 14.0 / 18)] // WIKIM and IA: 2 * 7 / 18
    [InlineData("B7+3=0", "B7+3=1", 10.0 / 12)] // B7+3= : 2 * 5 / 12
    [InlineData("ab", "ba", 0.5)] // one letter, then nothing on either side in order
    [InlineData("\U0001F600a", "\U0001F600b", 0.5)] // two runes each, not three UTF-16 units
    public void Hand_worked_ratios(string a, string b, double expected) => Assert.Equal(expected, SequenceMatcher.Ratio(a, b), 1e-15);

    [Fact]
    public void Autojunk_ignores_popular_runes_of_a_long_second_text_and_only_there()
    {
        var popular = new string('x', 200);
        Assert.Equal(2.0 / 202, SequenceMatcher.Ratio("yx", popular), 1e-15);
        Assert.Equal(0, SequenceMatcher.Ratio("yx", popular, autojunk: true));
        Assert.Equal(2.0 / 202, SequenceMatcher.Ratio(popular, "yx", autojunk: true), 1e-15); // the order matters
        Assert.Equal(2.0 / 201, SequenceMatcher.Ratio("x", popular, autojunk: true), 1e-15); // the empty block at the start grows over it
        Assert.Equal(2.0 / 201, SequenceMatcher.Ratio("yx", popular[1..], autojunk: true), 1e-15); // 199 is not long
    }

    [Fact]
    public void Runes_past_the_cap_match_nothing_and_still_count()
    {
        Assert.Equal(2.0 * 3 / 12, SequenceMatcher.Ratio("abcdef", "abcdef", cap: 3), 1e-15);
        Assert.Equal(1, SequenceMatcher.Ratio("abcdef", "abcdef", cap: 6), 1e-15);
    }

    [Fact]
    public void Every_vector_computed_by_CPython_is_matched_in_both_modes()
    {
        var file = Shared.Data("difflib_vectors.json");
        Assert.SkipWhen(file is null, "shared/data/difflib_vectors.json is not beside this checkout.");
        using var vectors = JsonDocument.Parse(File.ReadAllBytes(file!));
        Assert.Equal(35, vectors.RootElement.GetArrayLength());
        foreach (var vector in vectors.RootElement.EnumerateArray())
        {
            var (a, b) = (vector.GetProperty("a").GetString()!, vector.GetProperty("b").GetString()!);
            Assert.Equal(vector.GetProperty("ratio_autojunk_true").GetDouble(), SequenceMatcher.Ratio(a, b, autojunk: true), 1e-12);
            Assert.Equal(vector.GetProperty("ratio_autojunk_false").GetDouble(), SequenceMatcher.Ratio(a, b), 1e-12);
            var blocks = vector.GetProperty("lines_blocks_false").EnumerateArray()
                .Select(block => new MatchingBlock(block[0].GetInt32(), block[1].GetInt32(), block[2].GetInt32()));
            Assert.Equal(blocks, SequenceMatcher.MatchingBlocks(a, b));
        }
    }

    [Fact]
    public void Blocks_are_equal_stretches_in_order_and_sum_to_the_ratio()
    {
        var text = Gen.String[Gen.Char["abcé"], 0, 60];
        Gen.Select(text, text).Sample((a, b) =>
        {
            var blocks = SequenceMatcher.MatchingBlocks(a, b);
            Assert.All(blocks, block => Assert.True(a.AsSpan(block.A, block.Size).SequenceEqual(b.AsSpan(block.B, block.Size))));
            Assert.All(blocks.Zip(blocks.Skip(1)), pair =>
                Assert.True(pair.First.A + pair.First.Size <= pair.Second.A && pair.First.B + pair.First.Size <= pair.Second.B));
            Assert.Equal(a.Length + b.Length == 0 ? 1 : 2.0 * blocks.Sum(block => block.Size) / (a.Length + b.Length), SequenceMatcher.Ratio(a, b), 1e-15);
        });
    }

    // A search ends with the first block that is as long as any can be. CPython's has no such end: it must find the same blocks, popular runes or not.
    [Fact]
    public void The_blocks_are_those_of_a_search_that_goes_to_its_end()
    {
        Gen.Select(Gen.String[Gen.Char["ab"], 0, 40], Gen.String[Gen.Char["abc"], 0, 40]).Sample((a, b) =>
            Assert.Equal(Plain(a, b, autojunk: false), SequenceMatcher.MatchingBlocks(a, b)), iter: 500);
        var text = Gen.String[Gen.Char["aaaaaaaabcdefgh"], 200, 260];
        Gen.Select(text, text).Sample((a, b) => Assert.Equal(Plain(a, b, autojunk: true), SequenceMatcher.MatchingBlocks(a, b, autojunk: true)), iter: 40);
    }

    /// <summary>As the documentation of difflib tells it: the longest block of runes that are not popular, grown over popular ones; then left and right of it.</summary>
    private static List<MatchingBlock> Plain(string a, string b, bool autojunk)
    {
        var popular = autojunk && b.Length >= 200 ? b.GroupBy(rune => rune).Where(group => group.Count() > (b.Length / 100) + 1).Select(group => group.Key).ToHashSet() : [];
        var blocks = new List<MatchingBlock>();
        Find(0, a.Length, 0, b.Length);
        blocks.Add(new(a.Length, b.Length, 0));
        return blocks;

        void Find(int aLow, int aHigh, int bLow, int bHigh)
        {
            var best = new MatchingBlock(aLow, bLow, 0);
            for (var i = aLow; i < aHigh; i++)
            {
                for (var j = bLow; j < bHigh; j++)
                {
                    var size = 0;
                    while (i + size < aHigh && j + size < bHigh && a[i + size] == b[j + size] && !popular.Contains(b[j + size]))
                        size++;
                    if (size > best.Size)
                        best = new(i, j, size);
                }
            }

            while (best.A > aLow && best.B > bLow && a[best.A - 1] == b[best.B - 1])
                best = new(best.A - 1, best.B - 1, best.Size + 1);
            while (best.A + best.Size < aHigh && best.B + best.Size < bHigh && a[best.A + best.Size] == b[best.B + best.Size])
                best = best with { Size = best.Size + 1 };
            if (best.Size == 0)
                return;
            if (aLow < best.A && bLow < best.B)
                Find(aLow, best.A, bLow, best.B);
            if (blocks.Count > 0 && blocks[^1] is var last && last.A + last.Size == best.A && last.B + last.Size == best.B)
                blocks[^1] = last with { Size = last.Size + best.Size };
            else
                blocks.Add(best);
            if (best.A + best.Size < aHigh && best.B + best.Size < bHigh)
                Find(best.A + best.Size, aHigh, best.B + best.Size, bHigh);
        }
    }

    // Repetitive texts make every search quadratic, and one that repeats a single letter made as many searches as the other has of it.
    // Blocks by hand: all but the first and last letter; 7 of every 8; the sum of the letters e.
    [Fact]
    public void Repetitive_texts_as_long_as_a_target_may_be_are_compared_within_seconds()
    {
        const int Length = StepSimilarityReward.StandardLongest;
        var clock = Stopwatch.StartNew();
        Assert.Equal(
            (Length - 1.0) / Length,
            SequenceMatcher.Ratio(string.Concat(Enumerable.Repeat("ab", Length / 2)), string.Concat(Enumerable.Repeat("ba", Length / 2)), cap: Length), 1e-12);
        Assert.Equal(7.0 / 8, SequenceMatcher.Ratio(new('a', Length), string.Concat(Enumerable.Repeat("aaaaaaab", Length / 8)), cap: Length), 1e-12);
        Assert.Equal(0.25, SequenceMatcher.Ratio(new('e', Length), string.Concat(Enumerable.Repeat("the ", Length / 4)), cap: Length), 1e-12);
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(20), $"{clock.Elapsed}");
    }
}
