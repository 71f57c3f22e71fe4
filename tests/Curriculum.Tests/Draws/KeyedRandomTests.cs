using CsCheck;
using Curriculum.Draws;

namespace Curriculum.Tests.Draws;

// The expected numbers come from a separate implementation of the documented formula in Python (hashlib.sha256 and integers modulo 2^64).
[Trait("Speed", "fast")]
public sealed class KeyedRandomTests
{
    [Theory]
    [InlineData("", 0xe79efd1c0440380b, 0x7cecd8df96369425, 0x418c5b5accff339f, 0xfbf74e08ab52b68e)]
    [InlineData("two-dials/8/1", 0x73120558bf513dcd, 0x9996f906e1101511, 0x77babdca343b6fdb, 0x646573e850fe94a4)]
    [InlineData("ключ/鍵", 0x62ef9dc62512027e, 0xca0b17ddef120934, 0x701e05d6ecb0604d, 0xe16c96b7163bbdb2)]
    public void The_bits_at_a_position_are_those_of_the_documented_formula(string key, ulong at0, ulong at1, ulong at2, ulong farAway)
    {
        var random = KeyedRandom.Stream(key);
        Assert.Equal([at0, at1, at2], [random.NextUInt64(), random.NextUInt64(), random.NextUInt64()]);
        Assert.Equal(farAway, random.UInt64At(1_000_000_000_000));
        Assert.Equal(at1, random.UInt64At(1));
    }

    [Fact]
    public void Doubles_integers_and_shuffles_are_those_of_the_documented_formula()
    {
        var doubles = KeyedRandom.Stream("doubles");
        Assert.Equal([0.17439968074995515, 0.7926172237242871, 0.5909292578246402], [doubles.NextDouble(), doubles.NextDouble(), doubles.NextDouble()]);
        Assert.Equal(0.7926172237242871, KeyedRandom.Uniform("doubles", 1));

        var ints = KeyedRandom.Stream("ints");
        Assert.Equal([2, 4, 4, 3, 5, 8, 0, 8, 4, 1, 1, 4], Enumerable.Range(0, 12).Select(_ => ints.NextInt(10)));
        Assert.Equal(163663085, ints.NextInt(int.MaxValue));

        var deck = Enumerable.Range(0, 10).ToArray();
        KeyedRandom.Stream("deck").Shuffle<int>(deck);
        Assert.Equal([5, 9, 6, 7, 4, 0, 2, 1, 8, 3], deck);
    }

    [Fact]
    public void Integers_stay_under_their_bound_and_a_bound_of_zero_is_refused()
    {
        Gen.Select(Gen.String, Gen.Int[1, int.MaxValue]).Sample((key, max) => KeyedRandom.Stream(key).NextInt(max) is var n && n >= 0 && n < max);
        Assert.Throws<ArgumentOutOfRangeException>(() => KeyedRandom.Stream("x").NextInt(0));
    }

    [Fact]
    public void Doubles_are_uniform_within_five_standard_errors()
    {
        var random = KeyedRandom.Stream("uniformity");
        var bins = new int[10];
        for (var draw = 0; draw < 100_000; draw++)
            bins[(int)(random.NextDouble() * 10)]++;
        // sd of a bin of 100,000 draws at p = 0.1: sqrt(100000 * 0.1 * 0.9) = 94.9
        Assert.All(bins, count => Assert.InRange(count, 10_000 - 475, 10_000 + 475));
    }
}
