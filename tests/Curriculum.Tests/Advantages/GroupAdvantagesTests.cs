using CsCheck;
using Curriculum.Advantages;
using Curriculum.Plans;

namespace Curriculum.Tests.Advantages;

[Trait("Speed", "fast")]
public sealed class GroupAdvantagesTests
{
    private static readonly AdvantagePlan Exact = new() { Delta = 0 };

    // r = 1 once in G: mean 1/G, population variance (G-1)/G^2, so A = sqrt(G-1) and -1/sqrt(G-1).
    [Theory]
    [InlineData(8, 2.6457513110645906)]
    [InlineData(16, 3.872983346207417)]
    public void A_lone_success_has_the_root_of_G_minus_one(int group, double expected)
    {
        var rewards = new double[group];
        rewards[2] = 1;
        var advantages = GroupAdvantages.Of(rewards, Exact);
        Assert.Equal(expected, advantages[2], 1e-12);
        Assert.Equal(-1 / expected, advantages[0], 1e-12);
    }

    // Rewards 1 0 0 1: mean 0.5; population std 0.5, sample std sqrt(1/3).
    [Fact]
    public void The_kinds_of_std_differ_as_defined()
    {
        double[] rewards = [1, 0, 0, 1];
        Assert.Equal([1, -1, -1, 1], GroupAdvantages.Of(rewards, Exact));
        Assert.Equal(0.5 / Math.Sqrt(1.0 / 3), GroupAdvantages.Of(rewards, Exact with { Std = StdKind.Sample })[0], 1e-15);
        Assert.Equal([0.5, -0.5, -0.5, 0.5], GroupAdvantages.Of(rewards, new() { Std = StdKind.None }));
        Assert.Equal(0.5 / 0.6, GroupAdvantages.Of(rewards, new() { Delta = 0.1 })[0], 1e-15);
        Assert.Equal(0.5 / 0.500001, GroupAdvantages.Of(rewards, new())[0], 1e-15);
    }

    [Fact]
    public void Equal_rewards_and_a_group_of_one_give_exact_zeros()
    {
        foreach (var kind in Enum.GetValues<StdKind>())
        {
            Assert.Equal([0, 0, 0], GroupAdvantages.Of([0.1, 0.1, 0.1], new() { Std = kind, Delta = 0 }));
            Assert.Equal([0], GroupAdvantages.Of([0.7], new() { Std = kind, Delta = 0 }));
        }
    }

    // Rewards 1 0 0 1 0 0 0 0: mean 0.25, squared deviations 2 x 0.5625 + 6 x 0.0625 = 1.5.
    // TRL: sample std sqrt(1.5 / 7), delta 1e-4. verl: the same std, delta 1e-6. GRPO's paper: population std sqrt(1.5 / 8). Dr. GRPO: no std.
    [Theory]
    [InlineData(StdKind.Sample, 1e-4, 1.6198)]
    [InlineData(StdKind.Sample, 1e-6, 1.6202)]
    [InlineData(StdKind.Population, 0, 1.7321)]
    [InlineData(StdKind.None, 1e-4, 0.75)]
    public void The_conventions_of_implementations_are_named_options(StdKind std, double delta, double success) =>
        Assert.Equal(success, GroupAdvantages.Of([1, 0, 0, 1, 0, 0, 0, 0], new() { Std = std, Delta = delta })[0], 5e-5);

    // verl takes mean 0 and std 1 for a group of one: r / (1 + 1e-6); TRL's mean is the reward itself: 0.
    [Fact]
    public void A_group_of_one_keeps_its_raw_reward_only_where_the_plan_says_so()
    {
        AdvantagePlan verl = new() { Std = StdKind.Sample, Delta = 1e-6, GroupOfOne = LoneAdvantage.Raw };
        Assert.Equal(0.7 / 1.000001, GroupAdvantages.Of([0.7], verl)[0], 1e-15);
        Assert.Equal(0.7, GroupAdvantages.Of([0.7], verl with { Std = StdKind.None })[0]);
        Assert.Equal(0, GroupAdvantages.Of([0.7], verl with { GroupOfOne = LoneAdvantage.Zero })[0]);
    }

    [Fact]
    public void Nothing_and_what_is_not_finite_are_refused()
    {
        Assert.Throws<ArgumentException>(() => GroupAdvantages.Of([], new()));
        Assert.Throws<ArgumentException>(() => GroupAdvantages.Of([0, double.NaN], new()));
    }

    [Fact]
    public void Advantages_sum_to_zero_keep_the_order_of_rewards_and_ignore_scale() =>
        Gen.Int[-64, 64].Select(i => i / 64.0).Array[2, 16].Where(r => r.Max() > r.Min()).Sample(rewards =>
        {
            var advantages = GroupAdvantages.Of(rewards, Exact);
            var scaled = GroupAdvantages.Of([.. rewards.Select(r => (3 * r) + 5)], Exact);
            return Math.Abs(advantages.Sum()) < 1e-9
                && Array.IndexOf(rewards, rewards.Max()) == Array.IndexOf(advantages, advantages.Max())
                && advantages.Zip(scaled).All(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        });
}
