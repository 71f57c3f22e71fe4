using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class BatchBuilderTests
{
    [Fact]
    public void Each_completion_token_carries_the_advantage_of_its_trajectory()
    {
        var batch = BatchBuilder.OfGroups([AdmitTests.Group("a", 1, 0, 0, 1)], new AdvantagePlan { Delta = 0 });
        Assert.Empty(batch.Written);
        Assert.Equal(4, batch.Sampled.Count);
        Assert.Equal([1f], batch.Sampled[0].Advantages);
        Assert.Equal([-1f, -1f, -1f], batch.Sampled[2].Advantages);
        Assert.Equal([10, 11, 12], batch.Sampled[2].Tokens);
        Assert.Equal([1, 2], batch.Sampled[2].PromptTokens);
        Assert.Equal([-0.5f, -0.5f, -0.5f], batch.Sampled[2].OldLogProbs);
    }

    [Fact]
    public void The_order_in_which_groups_arrive_does_not_matter()
    {
        var (a, b, b1) = (AdmitTests.Group("a", 0, 1), AdmitTests.Group("b", 1, 0, 0), AdmitTests.Group("b", 0, 0, 0, 1) with { Step = 1 });
        var expected = BatchBuilder.OfGroups([a, b, b1], new()).Sampled.Select(s => s.Advantages[0]).ToArray();
        Assert.Equal(expected, BatchBuilder.OfGroups([b1, b, a], new()).Sampled.Select(s => s.Advantages[0]));
        Assert.Equal(9, expected.Length);
    }

    [Fact]
    public void A_trajectory_without_a_log_probability_for_each_token_is_refused()
    {
        var group = AdmitTests.Group("a", 0, 1);
        var broken = group with { Trajectories = [group.Trajectories[0], group.Trajectories[1] with { LogProbs = [] }] };
        Assert.Throws<ArgumentException>(() => BatchBuilder.OfGroups([broken], new()));
    }

    [Fact]
    public void A_demonstration_is_the_question_and_the_whole_solution()
    {
        var problem = TwoDials.Pose("p", DialOperation.Parse("A=7B=3?"));
        var batch = BatchBuilder.OfDemonstrations([problem]);
        Assert.Equal([new("A=7B=3?", "A0=7=7;B7=3=3;#73$")], batch.Written);
        Assert.Throws<ArgumentException>(() => BatchBuilder.OfDemonstrations([problem with { Steps = [] }]));
    }

    // Steps A, B and the answer line: N - 1 = 2 instances.
    [Fact]
    public void A_demonstration_by_steps_is_its_step_instances()
    {
        var problem = TwoDials.Pose("p", DialOperation.Parse("A=7B=3?"));
        Assert.Equal(
            [new("A=7B=3?", "A0=7=7;"), new("A=7B=3?A0=7=7;", "B7=3=3;")],
            BatchBuilder.OfDemonstrations([problem], CompletionTarget.Step).Written);
    }

    [Fact]
    public void In_a_chat_template_the_steps_so_far_begin_the_answer()
    {
        var problem = TwoDials.Pose("p", DialOperation.Parse("A=7B=3?"));
        Assert.Equal(
            [new("A=7B=3?", "A0=7=7;"), new("A=7B=3?A0=7=7;", "B7=3=3;", AnswerAt: "A=7B=3?".Length)],
            BatchBuilder.OfDemonstrations([problem], CompletionTarget.Step, chat: true).Written);
        Assert.Equal(BatchBuilder.OfDemonstrations([problem]).Written, BatchBuilder.OfDemonstrations([problem], chat: true).Written);
    }

    // A data set's request for the next step comes after the steps, so all of it is the user's, and the step is the whole of the answer.
    [Fact]
    public void In_a_chat_template_a_step_that_is_asked_for_alone_ends_its_turn()
    {
        Problem problem = new() { Id = "d", Family = "dataset", Question = "2+2+2?", Answer = "6", Steps = ["1. 4\n\n", "2. 6\n\n", "\\boxed{6}\u0003"] };
        var bare = BatchBuilder.OfDemonstrations([problem], CompletionTarget.Step).Written;
        var chat = BatchBuilder.OfDemonstrations([problem], CompletionTarget.Step, chat: true).Written;
        Assert.Equal(bare.Select(sequence => sequence.Prompt), chat.Select(sequence => sequence.Prompt));
        Assert.Equal(["1. 4\n\n", "2. 6\n\n"], bare.Select(sequence => sequence.Completion));
        Assert.Equal(["1. 4\u0003", "2. 6\u0003"], chat.Select(sequence => sequence.Completion));
        Assert.All(chat, sequence => Assert.Null(sequence.AnswerAt));
    }

    // Rewards 1 and 0 with a penalty of -0.5 on the first: totals 0.5 and 0, so A = +-0.25 / 0.25.
    [Fact]
    public void A_length_penalty_counts_in_the_advantage_and_leaves_the_reward()
    {
        var group = AdmitTests.Group("a", 1, 0);
        group = group with { Trajectories = [group.Trajectories[0] with { Penalty = -0.5 }, group.Trajectories[1]] };
        var batch = BatchBuilder.OfGroups([group], new() { Delta = 0, Std = StdKind.None });
        Assert.Equal(0.25f, batch.Sampled[0].Advantages[0]);
        Assert.Equal(-0.25f, batch.Sampled[1].Advantages[0]);
        Assert.Equal(1, group.Trajectories[0].Reward);
    }

    // Values 0.5 and 0.25, reward 1, gamma = lambda = 1: A = 1 - V, returns 1 everywhere.
    [Fact]
    public void Values_give_each_token_its_advantage_and_its_return()
    {
        var group = AdmitTests.Group("a", 0, 1);
        group = group with { Trajectories = [.. group.Trajectories.Select(t => t with { Values = [.. t.Tokens.Select((_, i) => i == 0 ? 0.5f : 0.25f)] })] };
        AdvantagePlan plan = new() { Estimator = AdvantageEstimator.Gae, Whiten = false };
        var batch = BatchBuilder.OfGroups([group], plan);
        Assert.Equal([-0.5f], batch.Sampled[0].Advantages);
        Assert.Equal([0f], batch.Sampled[0].Returns!);
        Assert.Equal([0.5f, 0.75f], batch.Sampled[1].Advantages);
        Assert.Equal([1f, 1f], batch.Sampled[1].Returns!);

        // Whitened over the three tokens: mean 0.25, sample variance (0.5625 + 0.0625 + 0.25) / 2 = 0.4375.
        var white = BatchBuilder.OfGroups([group], plan with { Whiten = true });
        Assert.Equal(-0.75 / Math.Sqrt(0.4375), white.Sampled[0].Advantages[0], 1e-6);
        Assert.Equal(0.25 / Math.Sqrt(0.4375), white.Sampled[1].Advantages[0], 1e-6);
        Assert.Equal([1f, 1f], white.Sampled[1].Returns!);
        Assert.Throws<ArgumentException>(() => BatchBuilder.OfGroups([AdmitTests.Group("a", 0, 1)], plan));
    }

    // The given closing tag between is neither whitened over nor trained on.
    [Fact]
    public void A_given_token_is_left_out_of_the_whitening()
    {
        var group = AdmitTests.Group("a", 0, 0, 1);
        group = group with { Trajectories = [group.Trajectories[2] with { Values = [0, 9, 0.5f], ForcedTokens = [1] }] };
        var batch = BatchBuilder.OfGroups([group], new() { Estimator = AdvantageEstimator.Gae });
        // A = 1 - V = 1, -8, 0.5; without the given one mean 0.75 and sample variance 0.125.
        Assert.Equal(0.25 / Math.Sqrt(0.125), batch.Sampled[0].Advantages[0], 1e-6);
        Assert.Equal([1], batch.Sampled[0].ForcedTokens!);
    }
}
