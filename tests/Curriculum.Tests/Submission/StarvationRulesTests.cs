using CsCheck;
using Curriculum.Advantages;
using Curriculum.Submission;

namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class StarvationRulesTests
{
    // The second stage of the third arm: RLVR on whole solutions, groups of 8.
    private const string Rlvr = "/arms/2/stages/1";

    // By hand: half of an even number of rewards at each end, the std is half the range; of three, one and two: range x sqrt(1 x 2)/3 = 0.4714.
    [Theory]
    [InlineData(Rlvr, 8, "0.6", "less than 0.5,")] // 0 and 1
    [InlineData(Rlvr, 8, "0.5", "less than 0.5,")] // admitted is what is above
    [InlineData(Rlvr, 8, "0.49", null)]
    [InlineData(Rlvr, 3, "0.48", "less than 0.4714,")]
    [InlineData(Rlvr, 3, "0.47", null)]
    [InlineData(Rlvr, 2, "0.49", null)]
    [InlineData("/arms/1/stages/0", 8, "0.6", null)] // a similarity, -1 to 1
    [InlineData("/arms/1/stages/0", 8, "1", "less than 1,")]
    public void A_spread_that_no_group_can_have_is_refused(string at, int group, string minimumStd, string? expected) => Refused(
        expected, $"{at}/admission/minimumStd", ($"{at}/groupSize", $"{group}"), ($"{at}/admission", $$"""{ "minimumStd": {{minimumStd}} }"""));

    [Fact]
    public void No_group_spreads_wider_than_the_widest() => Gen.Double[-1, 1].Array[2, 12].Sample(rewards =>
        GroupAdvantages.PopulationStd(rewards) <= new RewardRange(-1, 1).WidestStd(rewards.Length) + 1e-12);

    [Theory]
    [InlineData("""{ "kind": "random", "gamma": 0 }""", "every reward is 0")]
    [InlineData("""{ "kind": "random", "gamma": 1 }""", "every reward is 1")]
    [InlineData("""{ "kind": "random", "gamma": 1, "inverse": true }""", "every reward is 0")]
    [InlineData("""{ "kind": "ground-truth", "and": "random", "gamma": 0 }""", "every reward is 0")]
    [InlineData("""{ "kind": "ground-truth", "and": "random", "gamma": 1 }""", null)]
    [InlineData("""{ "kind": "random", "gamma": 0.01 }""", null)]
    public void Rewards_that_are_all_the_same_are_refused(string reward, string? expected) => Refused(expected, $"{Rlvr}/reward/gamma", ($"{Rlvr}/reward", reward));

    [Fact]
    public void Values_have_a_baseline_of_their_own_and_need_no_spread() => Assert.True(PlanText.Read(
        ($"{Rlvr}/algorithm", "\"ppo\""), ($"{Rlvr}/reward", """{ "kind": "random", "gamma": 1 }"""), ($"{Rlvr}/admission", """{ "minimumStd": 0.6 }""")).Valid);

    [Theory]
    [InlineData("""{ "method": "expert-iteration", "reward": { "kind": "random", "gamma": 0 } }""", "at most 0,")]
    [InlineData("""{ "method": "expert-iteration", "success": 0 }""", "above 0,")]
    [InlineData("""{ "method": "return-conditioned", "success": -1 }""", "above 0,")]
    [InlineData("""{ "method": "expert-iteration", "target": "step", "success": -1 }""", "above -1,")]
    [InlineData("""{ "method": "expert-iteration", "target": "step", "success": 0 }""", null)]
    [InlineData("""{ "method": "expert-iteration" }""", null)]
    public void A_success_that_nothing_or_everything_reaches_is_refused(string stage, string? expected) => Refused(
        expected, "/arms/1/stages/0/success", ("/arms/1/stages/0", stage));

    // 8 problems, whatever is asked for, and 2 refills: 24 groups; of single steps 8 operations each: 12 x 8 x 1 = 96.
    [Theory]
    [InlineData("8", Rlvr, """{ "targetGroups": 24, "refillRounds": 2 }""", null)]
    [InlineData("8", Rlvr, """{ "targetGroups": 25, "refillRounds": 2 }""", "at most 24,")]
    [InlineData("512", Rlvr, """{ "targetGroups": 48, "refillRounds": 2 }""", null)]
    [InlineData("512", Rlvr, """{ "targetGroups": 49, "refillRounds": 2 }""", "at most 48,")]
    [InlineData("512", "/arms/1/stages/0", """{ "targetGroups": 96, "refillRounds": 0 }""", null)]
    [InlineData("512", "/arms/1/stages/0", """{ "targetGroups": 97, "refillRounds": 0 }""", "at most 96,")]
    public void A_batch_that_the_pool_cannot_fill_is_refused(string count, string at, string admission, string? expected) => Refused(
        expected, $"{at}/admission/targetGroups", ("/training/count", count), ("/training/demonstrations", count == "8" ? "8" : "12"), ("/arms/1/stages/0/problemsPerIteration", "16"),
            ($"{at}/admission", admission));

    [Theory]
    [InlineData("""{ "low": 0.6, "high": 0.9, "aimLow": 0.7, "aimHigh": 0.8, "rollouts": 2 }""", "profile/low", "0.6 to 0.9")] // 0, 0.5 or 1
    [InlineData("""{ "low": 0.2, "high": 0.8, "aimLow": 0.55, "aimHigh": 0.6, "rollouts": 4 }""", "profile/aimLow", "0.55 to 0.6")] // 0.5 or 0.75
    [InlineData("""{ "low": 0.3, "high": 0.3, "aimLow": 0.3, "aimHigh": 0.3, "rollouts": 10 }""", null, null)]
    public void A_band_that_no_share_of_the_pilots_can_lie_in_is_refused(string profile, string? key, string? expected) => Refused(
        expected, $"{Rlvr}/{key}", ($"{Rlvr}/profile", profile));

    [Fact]
    public void A_gate_that_is_always_open_repeats_nothing()
    {
        Refused("or a threshold", $"{Rlvr}/gate/repeats", ($"{Rlvr}/gate", """{ "repeats": 2 }"""));
        Refused(null, "", ($"{Rlvr}/gate", """{ "repeats": 2, "minimumAccuracy": 0.5 }"""));
    }

    // 3 updates x 0.1 round to 0.
    [Fact]
    public void A_share_that_comes_to_nothing_is_refused()
    {
        (string, string?)[] shares = [("/arms/2/stages/0/share", "0.1"), ("/arms/2/stages/1/share", "0.9")];
        Refused("at least 1 of the budget", "/arms/2/stages/0/share", [.. shares, ("/budget", """{ "unit": "updates", "amount": 3 }""")]);
        Refused(null, "", [.. shares, ("/budget", """{ "unit": "updates", "amount": 10 }""")]);
    }

    // #87$ has four characters, and a line at least one and its end.
    [Theory]
    [InlineData(Rlvr, "maxNewTokens", "3", "at least 4,")]
    [InlineData(Rlvr, "maxNewTokens", "4", null)]
    [InlineData("/arms/1/stages/0", "maxNewTokens", "1", "at least 2,")]
    [InlineData("/arms/1/stages/0", "maxNewTokens", "2", null)]
    [InlineData("/evaluation", "maxNewTokens", "3", "at least 4:")]
    public void A_completion_too_short_for_any_answer_is_refused_where_a_token_is_a_character(string at, string key, string value, string? expected)
    {
        Refused(expected, $"{at}/{key}", ($"{at}/{key}", value));
        Assert.True(PlanText.Read(($"{at}/{key}", value), ("/base", """{ "model": "m" }""")).Valid);
    }

    [Fact]
    public void A_benchmark_that_could_never_be_cleared_is_refused() =>
        Refused("no benchmark could be cleared", "/evaluation/audit/clearedBelow", ("/evaluation/audit", """{ "clearedBelow": 0 }"""));

    [Theory]
    [InlineData("expert-iteration", """{ "loneSuccess": { "action": "cap" } }""", null, "admission/loneSuccess/action")]
    [InlineData("best-of-n", """{ "loneSuccess": { "action": "cap" } }""", null, "admission/loneSuccess/action")]
    [InlineData("return-conditioned", """{ "minimumStd": 0.2 }""", null, "admission/minimumStd")]
    [InlineData("best-of-n", "{}", """{ "overlongBuffer": 0.2 }""", "reward/overlongBuffer")]
    [InlineData("best-of-n", """{ "minimumStd": 0.2, "loneSuccess": { "action": "check" } }""", null, null)]
    [InlineData("rlvr", """{ "loneSuccess": { "action": "cap" } }""", """{ "overlongBuffer": 0.2 }""", null)]
    public void What_a_method_would_ignore_is_refused(string method, string admission, string? reward, string? refused)
    {
        var reading = PlanText.Read(("/arms/1/stages/0", $$"""{ "method": "{{method}}", "admission": {{admission}}, "reward": {{reward ?? "{}"}} }"""));
        Assert.Equal(refused is null ? [] : [$"/arms/1/stages/0/{refused}"], reading.Violations.Select(violation => violation.Pointer));
    }

    private static void Refused(string? expected, string pointer, params (string, string?)[] changes)
    {
        var violations = PlanText.Read(changes).Violations;
        if (expected is null)
        {
            Assert.Empty(violations);
            return;
        }

        var violation = Assert.Single(violations);
        Assert.Equal(pointer, violation.Pointer);
        Assert.Contains(expected, violation.Message, StringComparison.Ordinal);
    }
}
