using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Submission;

namespace Curriculum.Tests.Submission;

[Trait("Speed", "fast")]
public sealed class AlgorithmPresetTests
{
    // The settings of the papers: arXiv 2402.03300, 2503.20783, 2503.14476, 1707.06347.
    [Fact]
    public void Each_name_sets_what_its_paper_has()
    {
        var grpo = Stage("""{ "method": "rlvr", "algorithm": "grpo" }""");
        Assert.Equal((LossAggregation.SequenceMeanTokenMean, StdKind.Population, 0.2, 0.2), (grpo.Loss.Aggregation, grpo.Advantage.Std, grpo.Loss.ClipLow, grpo.Loss.ClipHigh));

        var dr = Stage("""{ "method": "rlvr", "algorithm": "dr-grpo" }""");
        Assert.Equal((LossAggregation.SequenceMeanTokenSumNorm, StdKind.None), (dr.Loss.Aggregation, dr.Advantage.Std));

        var dapo = Stage("""{ "method": "rlvr", "algorithm": "dapo" }""");
        Assert.Equal((LossAggregation.TokenMean, 0.2, 0.28, 0.0, 0.2), (dapo.Loss.Aggregation, dapo.Loss.ClipLow, dapo.Loss.ClipHigh, dapo.Loss.KlWeight, dapo.Reward.OverlongBuffer));

        var ppo = Stage("""{ "method": "srl", "algorithm": "ppo" }""");
        Assert.Equal((AdvantageEstimator.Gae, 1.0, 1.0, true), (ppo.Advantage.Estimator, ppo.Advantage.Gamma, ppo.Advantage.Lambda, ppo.Advantage.Whiten));
        Assert.Equal((0.05, 2, 2), (ppo.Loss.KlWeight, ppo.Loss.Epochs, ppo.Loss.Minibatches));
        Assert.Equal(Algorithm.Ppo, ppo.Algorithm);
    }

    [Fact]
    public void What_the_stage_says_itself_goes_before_the_algorithm_and_the_rest_before_the_defaults()
    {
        var stage = Stage("""{ "method": "rlvr", "algorithm": "dapo", "loss": { "clipHigh": 0.4, "epochs": 3 }, "reward": { "kind": "random" } }""");
        Assert.Equal((0.4, 3, LossAggregation.TokenMean, 0.2), (stage.Loss.ClipHigh, stage.Loss.Epochs, stage.Loss.Aggregation, stage.Loss.ClipLow));
        Assert.Equal((RewardKind.Random, 0.2, 0.5), (stage.Reward.Kind, stage.Reward.OverlongBuffer, stage.Reward.Gamma));
        Assert.Null(Stage("""{ "method": "rlvr", "algorithm": "dapo", "reward": { "overlongBuffer": null } }""").Reward.OverlongBuffer);
    }

    [Fact]
    public void A_named_algorithm_and_its_settings_spelt_out_train_alike()
    {
        var named = Stage("""{ "method": "rlvr", "algorithm": "dr-grpo" }""");
        var spelt = Stage("""{ "method": "rlvr", "advantage": { "std": "none" }, "loss": { "aggregation": "seq-mean-token-sum-norm" } }""");
        Assert.Equal(named with { Algorithm = null }, spelt);
    }

    [Fact]
    public void A_plan_that_was_completed_is_read_again_as_it_is()
    {
        var plan = PlanText.Read(("/arms/1/stages/0", """{ "method": "srl", "algorithm": "ppo" }""")).Plan!;
        Assert.Equal(PlanHash.Canonical(plan), PlanHash.Canonical(PlanReader.Read(PlanHash.Canonical(plan)).Plan!));
    }

    [Fact]
    public void No_algorithm_leaves_the_defaults() => Assert.Equal(new RlvrPlan(), Stage("""{ "method": "rlvr" }"""));

    [Fact]
    public void Every_setting_of_an_algorithm_is_a_key_of_the_stage()
    {
        var stage = PlanSchemaTests.Stage("rlvr");
        foreach (var name in stage["algorithm"]!["enum"]!.AsArray().Where(name => name is not null))
        {
            foreach (var (part, settings) in AlgorithmPresets.Of((string)name!)!)
                Assert.All(settings!.AsObject(), setting => Assert.IsType<JsonObject>(stage[part]!["properties"]![setting.Key]));
        }
    }

    private static PolicyGradientPlan Stage(string json)
    {
        var reading = PlanText.Read(("/arms/1/stages/0", json));
        Assert.Empty(reading.Violations);
        return Assert.IsType<PolicyGradientPlan>(reading.Plan!.Arms[1].Stages[0], exactMatch: false);
    }
}
