using CsCheck;
using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Work;

namespace Curriculum.Tests.Rewards;

public sealed class GraderTests
{
    private static readonly Problem Problem = TwoDials.Pose("p", DialOperation.Parse("A=7B+3C-2D=6E+5F-4?"));
    private static readonly RewardPlan Similarity = new() { Kind = RewardKind.StepSimilarity };
    private static readonly RewardPlan Truth = new() { Kind = RewardKind.GroundTruth };
    private static readonly RewardPlan Monologue = Similarity with { Monologue = true };

    [Theory]
    [InlineData("B7+3=0;", 1, true)]
    [InlineData("B7+3=1;", 10.0 / 12, true)]
    [InlineData("XYZ;", 0, true)]
    [InlineData(";", -1, false)] // empty action
    [InlineData("B7+3=0", -1, false)] // no stop
    [InlineData("B7+3=0;C", -1, false)] // something after the stop
    [InlineData("B7;3=0;", -1, false)]
    [InlineData("", -1, false)]
    public void A_step_earns_its_similarity_to_the_experts(string completion, double reward, bool wellFormed)
    {
        var grade = Grade(completion, Similarity, step: 1);
        Assert.Equal(reward, grade.Reward, 1e-15);
        Assert.Equal(wellFormed, grade.WellFormed);
    }

    [Theory]
    [InlineData("<think>add three</think>B7+3=0;", 1, true)]
    [InlineData(" <think>B7+3=0;</think>\nB7+3=1;", 10.0 / 12, true)] // the monologue never counts, nor does its stop character
    [InlineData("B7+3=0;", -1, false)]
    [InlineData("<think>B7+3=0;", -1, false)]
    [InlineData("<think></think>;", -1, false)]
    [InlineData("<think></think> ;", -1, false)]
    [InlineData("<think><think></think>B7+3=0;", -1, false)]
    [InlineData("<think></think>B7+3=0</think>;", -1, false)]
    [InlineData("x<think></think>B7+3=0;", -1, false)]
    public void Of_a_monologue_and_an_action_only_the_action_is_graded(string completion, double reward, bool wellFormed)
    {
        var grade = Grade(completion, Monologue, step: 1);
        Assert.Equal(reward, grade.Reward, 1e-15);
        Assert.Equal(wellFormed, grade.WellFormed);
    }

    [Fact]
    public void A_completion_that_was_cut_off_is_malformed()
    {
        Assert.Equal(new(-1, false), Grader.Grade(Prompt(1), "B7+3=0;", terminated: false, Similarity, "k", 0));
        Assert.Equal(new(0, false), Grader.Grade(Prompt(null), "#87$", terminated: false, Truth, "k", 0));
    }

    [Fact]
    public void A_lone_slip_in_a_group_of_eight_two_dials_steps_is_admitted_by_default()
    {
        double[] rewards = [Grade("B7+3=1;", Similarity, 1).Reward, 1, 1, 1, 1, 1, 1, 1];
        Assert.True(GroupAdvantages.PopulationStd(rewards) > new AdmissionPlan().MinimumStd);
    }

    [Theory]
    [InlineData("#87$", 1, true)]
    [InlineData("#78$", 0, true)]
    [InlineData("87", 0, false)]
    [InlineData("#87$ ", 0, false)] // right, but the form is not
    public void The_outcome_is_gated_on_form(string completion, double reward, bool wellFormed) =>
        Assert.Equal(new(reward, wellFormed), Grade(completion, Truth, step: null));

    [Fact]
    public void Without_a_step_the_whole_solution_is_the_target() =>
        Assert.Equal(new(1, true), Grade(string.Concat(Problem.Steps), Similarity, step: null));

    [Fact]
    public void The_random_reward_is_keyed_and_hits_at_its_rate()
    {
        var plan = new RewardPlan { Kind = RewardKind.Random, Gamma = 0.3 };
        var rewards = Enumerable.Range(0, 10_000).Select(sample => Grader.Grade(Prompt(null), "#87$", true, plan, "key", sample).Reward).ToArray();
        Assert.Equal(0.3, rewards.Average(), 0.023); // five standard errors
        Assert.All(rewards, r => Assert.True(r is 0 or 1));
        Assert.Equal(rewards[..50], Enumerable.Range(0, 50).Select(s => Grader.Grade(Prompt(null), "x", false, plan, "key", s).Reward));
        Assert.NotEqual(rewards[..50], Enumerable.Range(0, 50).Select(s => Grader.Grade(Prompt(null), "x", false, plan, "other", s).Reward));
        Assert.False(Grader.Grade(Prompt(null), "x", true, plan, "key", 0).WellFormed);
        Assert.All(Enumerable.Range(0, 50), s => Assert.Equal(0, RandomReward.Of(Prompt(null), 0, "key", s)));
        Assert.All(Enumerable.Range(0, 50), s => Assert.Equal(1, RandomReward.Of(Prompt(null), 1, "key", s)));
    }

    [Fact]
    public void What_cannot_be_graded_is_refused()
    {
        Assert.Throws<ArgumentException>(() => Grade("x", new RewardPlan(), null));
        Assert.Throws<ArgumentException>(() => Grade("x", Truth, 1));
        Assert.Throws<ArgumentException>(() => Grade("x", Similarity, 7));
        Assert.Throws<ArgumentException>(() => Grader.Grade(new() { Problem = Problem with { Steps = [] } }, "x", true, Similarity, "k", 0));
    }

    [Fact]
    public void The_kind_is_resolved_by_method()
    {
        Assert.Equal(RewardKind.StepSimilarity, Grader.Resolve(new(), Method.Srl).Kind);
        Assert.Equal(RewardKind.GroundTruth, Grader.Resolve(new(), Method.Rlvr).Kind);
        Assert.Equal(RewardKind.Random, Grader.Resolve(new() { Kind = RewardKind.Random }, Method.Srl).Kind);
    }

    [Fact]
    public void Any_text_gets_a_finite_reward_in_range() => Gen.Select(Gen.String, Gen.Bool, Gen.Bool).Sample((text, monologue, terminated) =>
    {
        var similarity = Grader.Grade(Prompt(1), text, terminated, Similarity with { Monologue = monologue }, "k", 0);
        var outcome = Grader.Grade(Prompt(null), text, terminated, Truth with { Monologue = monologue }, "k", 0);
        return similarity.Reward is -1 or (>= 0 and <= 1) && similarity.WellFormed == similarity.Reward >= 0 && outcome.Reward is 0 or 1;
    });

    private static RolloutPrompt Prompt(int? step) => new() { Problem = Problem, Step = step };

    private static Grade Grade(string completion, RewardPlan plan, int? step) => Grader.Grade(Prompt(step), completion, terminated: true, plan, "key", 0);
}
