using Curriculum.Rewards;

namespace Curriculum.Tests.Rewards;

[Trait("Speed", "fast")]
public sealed class OverlongPenaltyTests
{
    // DAPO's own setting: Lmax 20480, Lcache 4096.
    [Theory]
    [InlineData(100, 0)]
    [InlineData(16384, 0)]
    [InlineData(17408, -0.25)] // 1024 into the buffer of 4096
    [InlineData(20480, -1)]
    [InlineData(30000, -1)]
    public void Length_costs_nothing_up_to_the_buffer_and_one_at_its_end(int length, double penalty) =>
        Assert.Equal(penalty, OverlongPenalty.Of(length, 20480, 4096));

    [Theory]
    [InlineData(0.2, 20480, 4096)]
    [InlineData(0.2, 96, 19)]
    [InlineData(0.001, 96, 1)]
    [InlineData(1, 96, 96)]
    public void The_buffer_is_a_share_of_the_longest_completion(double share, int longest, int buffer) =>
        Assert.Equal(buffer, OverlongPenalty.Buffer(share, longest));

    [Fact]
    public void A_buffer_longer_than_a_completion_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(() => OverlongPenalty.Of(1, 10, 11));
}
