using CsCheck;
using Curriculum.Advantages;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Tests.Submission;
using Curriculum.Work;

namespace Curriculum.Tests.Rewards;

[Trait("Speed", "fast")]
public sealed class GraderTests
{
    private static readonly Problem Problem = TwoDials.Pose("p", DialOperation.Parse("A=7B+3C-2D=6E+5F-4?"));
    private static readonly RewardPlan Similarity = new() { Kind = RewardKind.StepSimilarity };
    private static readonly RewardPlan Truth = new() { Kind = RewardKind.GroundTruth };

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
    public void The_kind_is_resolved_by_what_a_completion_is()
    {
        Assert.Equal(RewardKind.StepSimilarity, Grader.Resolve(new SrlPlan()).Kind);
        Assert.Equal(RewardKind.StepSimilarity, Grader.Resolve(new SrlPlan { Target = CompletionTarget.Solution }).Kind);
        Assert.Equal(RewardKind.GroundTruth, Grader.Resolve(new RlvrPlan()).Kind);
        Assert.Equal(RewardKind.GroundTruth, Grader.Resolve(new ExpertIterationPlan()).Kind);
        Assert.Equal(RewardKind.StepSimilarity, Grader.Resolve(new ReturnConditionedPlan { Target = CompletionTarget.Step }).Kind);
        Assert.Equal(RewardKind.Random, Grader.Resolve(new SrlPlan { Reward = new() { Kind = RewardKind.Random } }).Kind);
    }

    // The answer is 87. Malformed text earns nothing, turned round or not; only format and random pay for any text.
    [Theory]
    [InlineData(RewardKind.GroundTruth, false, "#87$", 1)]
    [InlineData(RewardKind.GroundTruth, true, "#87$", 0)]
    [InlineData(RewardKind.GroundTruth, true, "#12$", 1)]
    [InlineData(RewardKind.GroundTruth, true, "87", 0)]
    [InlineData(RewardKind.Format, false, "#12$", 1)]
    [InlineData(RewardKind.Format, false, "87", 0)]
    [InlineData(RewardKind.Format, true, "#12$", 0)]
    [InlineData(RewardKind.Format, true, "87", 1)]
    [InlineData(RewardKind.MajorityVote, false, "#12$", 1)] // the label is 12
    [InlineData(RewardKind.MajorityVote, false, "#87$", 0)]
    [InlineData(RewardKind.MajorityVote, true, "#87$", 1)]
    [InlineData(RewardKind.Incorrect, false, "#12$", 1)]
    public void Each_kind_pays_for_what_it_asks_and_its_inverse_for_the_other(RewardKind kind, bool inverse, string completion, double reward) =>
        Assert.Equal(reward, Grader.Grade(Prompt(null) with { Label = "12" }, completion, terminated: true, new() { Kind = kind, Inverse = inverse }, "k", 0).Reward);

    [Fact]
    public void Without_a_label_no_answer_is_the_majoritys() =>
        Assert.Equal(new(0, true), Grade("#87$", new() { Kind = RewardKind.MajorityVote }, null));

    [Fact]
    public void The_inverse_of_a_similarity_leaves_malformed_steps_where_they_are()
    {
        Assert.Equal(2.0 / 12, Grade("B7+3=1;", Similarity with { Inverse = true }, 1).Reward, 1e-15);
        Assert.Equal(-1, Grade("B7+3=1", Similarity with { Inverse = true }, 1).Reward);
    }

    [Theory]
    [InlineData("#87$", 1)]
    [InlineData("#12$", 0)] // well formed, but not right
    [InlineData("87", 0)]
    public void A_compound_asks_for_both(string completion, double reward) =>
        Assert.Equal(reward, Grade(completion, Truth with { And = RewardKind.Format }, null).Reward);

    // A random reward of rate 0 or 1 shows which of the two counts.
    [Fact]
    public void A_compound_is_the_lower_of_the_two()
    {
        Assert.Equal(0, Grade("#87$", Truth with { And = RewardKind.Random, Gamma = 0 }, null).Reward);
        Assert.Equal(1, Grade("#87$", Truth with { And = RewardKind.Random, Gamma = 1 }, null).Reward);
        Assert.Equal(0, Grade("#12$", Truth with { And = RewardKind.Random, Gamma = 1 }, null).Reward);
        Assert.Equal(1, Grade("#12$", Truth with { Inverse = true, And = RewardKind.Format }, null).Reward);
    }

    [Fact]
    public void A_format_reward_alone_is_no_part_of_the_ground_truth() =>
        Assert.Equal(Grade("#12$", Truth, null).Reward, Grade("nonsense", Truth, null).Reward);

    // By hand (arXiv 2507.10532): |3 - 2.5| = 0.5; relative 0.5 / 2.500001; r = 1 - 0.25 - 0.5 x 0.19999992.
    [Fact]
    public void The_continuous_reward_falls_with_the_distance()
    {
        var problem = new Problem { Id = "c", Family = RandomCalculation.FamilyName, Question = "5/2=", Answer = "5/2" };
        double Of(string text) => Grader.Grade(new() { Problem = problem }, text, true, new() { Kind = RewardKind.Continuous }, "k", 0).Reward;
        Assert.Equal(0.75 - (0.25 / 2.500001), Of("#3$"), 1e-12);
        Assert.Equal(1, Of("#2.5$"), 1e-12);
        Assert.Equal(0, Of("#99$"), 1e-12);
        Assert.Equal(0, Of("none"));
    }

    // The title B was given: the target is what comes after it.
    [Fact]
    public void A_title_that_was_given_is_no_part_of_the_target()
    {
        var prompt = Prompt(1) with { Title = new TwoDials().Title(Problem, 1) };
        Assert.Equal("B", prompt.Title);
        Assert.Equal(new(1, true), Grader.Grade(prompt, "7+3=0;", true, Similarity, "k", 0));
        Assert.Equal(8.0 / 10, Grader.Grade(prompt, "7+3=1;", true, Similarity, "k", 0).Reward, 1e-15);
    }

    // By hand: of the first n of N characters of a text of one rune, 2n / (n + N); of a text with as much again behind it, 2N / 3N.
    [Theory]
    [InlineData(8192, 8192, 1)]
    [InlineData(2048, 8192, 0.4)]
    [InlineData(8191, 8192, 16382.0 / 16383)]
    [InlineData(16384, 8192, 2.0 / 3)]
    public void A_copy_of_a_long_step_earns_1_and_no_beginning_or_continuation_of_it_earns_as_much(int written, int expert, double reward)
    {
        var text = string.Concat(Enumerable.Range(0, 16384).Select(i => "The sum of its digits"[i % 21]));
        Assert.Equal(reward, StepSimilarityReward.Of(text[..written].Replace(' ', '_') + ";", text[..expert].Replace(' ', '_'), ';', Similarity).Reward, 1e-12);
    }

    [Fact]
    public void Whatever_the_step_its_copy_earns_1_and_its_beginnings_less() =>
        Gen.Select(Gen.String[Gen.Char["ab c\u00e9"], 2, 400].Where(s => s.Trim() == s), Gen.Int[0, 1_000], Gen.Bool).Sample((step, at, autojunk) =>
    {
        var plan = Similarity with { LongestTarget = 400, Autojunk = autojunk };
        var beginning = step[..(1 + (at % (step.Length - 1)))];
        Assert.Equal(1, StepSimilarityReward.Of(step + ";", step, ';', plan).Reward);
        Assert.True(StepSimilarityReward.Of(beginning + ";", step, ';', plan).Reward < 1);
        Assert.True(StepSimilarityReward.Of(step + beginning + ";", step, ';', plan).Reward < 1);
    });

    [Fact]
    public void A_pool_with_a_longer_step_than_the_plan_compares_with_is_refused_by_problem_and_setting()
    {
        var longer = new Problem { Id = "a/1", Family = "dataset", Question = "q", Answer = "1", Steps = ["1. ok", new string('x', 9_000), "\\boxed{1}\u0003"] };
        var plan = Curriculum.Tests.Submission.PlanText.Read().Plan!;
        RunPlan With(RewardPlan reward, CompletionTarget target = CompletionTarget.Step) =>
            plan with { Arms = [new() { Name = "srl", Stages = [new SrlPlan { Target = target, Reward = reward }] }] };
        var refusal = Assert.Throws<ArgumentException>(() => StepTargets.Refuse(With(new()), [longer])).Message;
        Assert.Contains("at most 8192 characters", refusal, StringComparison.Ordinal);
        Assert.Contains("step 2 of 'a/1' has 9000", refusal, StringComparison.Ordinal);
        Assert.Contains("reward.longestTarget of the stage to 9000", refusal, StringComparison.Ordinal);
        StepTargets.Refuse(With(new() { LongestTarget = 9_000 }), [longer]);
        Assert.Contains("the solution of 'a/1' has 9014",
            Assert.Throws<ArgumentException>(() => StepTargets.Refuse(With(new() { LongestTarget = 9_000 }, CompletionTarget.Solution), [longer])).Message, StringComparison.Ordinal);
        StepTargets.Refuse(With(new() { Kind = RewardKind.Random }), [longer]); // compared with nothing
        Assert.Contains(
            "expert's solution for Srl in arm 'srl', found none among 1", Assert.Throws<ArgumentException>(() => StepTargets.Refuse(With(new()), [longer with { Steps = [] }])).Message,
                StringComparison.Ordinal);
        var titled = longer with { Steps = ["1. **Add** them.\n\n", "2. **Say it**\n\n", "\\boxed{1}\u0003"] };
        var asked = With(new()) with { Arms = [new() { Name = "srl", Stages = [new SrlPlan { Titles = true }] }] };
        Assert.Contains("1 have nothing more to write: step 2 of 'a/1'. Set titles to false", Assert.Throws<ArgumentException>(() => StepTargets.Refuse(asked, [titled])).Message,
            StringComparison.Ordinal);
        StepTargets.Refuse(With(new()), [titled]);
        Assert.Equal((9_000, 9_014), StepTargets.Longest([longer]));
        Assert.Throws<ArgumentException>(() => StepSimilarityReward.Of("x;", new('x', 9_000), ';', Similarity)); // never cut in silence
    }

    [Fact]
    public void Any_text_gets_a_finite_reward_in_range() => Gen.Select(Gen.String, Gen.Bool, Gen.Bool).Sample((text, inverse, terminated) =>
    {
        var similarity = Grader.Grade(Prompt(1), text, terminated, Similarity with { Inverse = inverse }, "k", 0);
        var outcome = Grader.Grade(Prompt(null), text, terminated, Truth with { Inverse = inverse }, "k", 0);
        return similarity.Reward is -1 or (>= 0 and <= 1) && similarity.WellFormed == similarity.Reward >= 0 && outcome.Reward is 0 or 1;
    });

    private static RolloutPrompt Prompt(int? step) => new() { Problem = Problem, Step = step };

    private static Grade Grade(string completion, RewardPlan plan, int? step) => Grader.Grade(Prompt(step), completion, terminated: true, plan, "key", 0);
}
