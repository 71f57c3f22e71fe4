using Curriculum.Guards;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Tests.Guards;

[Trait("Speed", "fast")]
public sealed class TextFiguresTests
{
    // A=7=7, B7+3=0, C=2, D2-1=1: four operations.
    private static readonly Problem Four = TwoDials.Pose("p", DialOperation.Parse("A=7B+3C=2D-1?"));

    [Theory]
    [InlineData("A0=7=7;B7+3=0;C0=2=2;D2-1=1;#01$", 0)]
    [InlineData("A0=7=7;D2-1=1;#01$", 0.5)] // B and C passed over
    [InlineData("#01$", 1)] // bare
    [InlineData("", 1)]
    public void Two_dials_counts_the_operations_without_a_line(string completion, double expected) =>
        Assert.Equal(expected, new TwoDials().Skipped(Four, completion));

    [Theory]
    [InlineData("48/2 = 24\n#### 72", 0)]
    [InlineData("She sold 48 / 2 = <<48/2=24>>24 clips.\n#### 72", 0)]
    [InlineData("The answer is clear.\n#### 72", 1)]
    [InlineData("x = 5\n#### 5", 1)] // an assignment is no computation
    [InlineData("#### 72", 1)]
    public void Other_families_ask_for_one_written_equation(string completion, double expected) =>
        Assert.Equal(expected, ((IProblemFamily)new Gsm8k()).Skipped(new() { Id = "g", Family = "gsm8k", Question = "?", Answer = "72" }, completion));

    [Fact]
    public void The_figures_of_groups_are_means_over_all_completions_and_over_the_rewarded_ones()
    {
        var group = Group(null, ("A0=7=7;B7+3=0;C0=2=2;D2-1=1;#01$", 0), ("A0=7=7;D2-1=1;#01$", 1), ("#99$", 0), ("#98$", 0));
        var figures = TextFigures.Of([group], _ => Four)!;
        Assert.Equal(4, figures.Completions);
        Assert.Equal((32 + 18 + 4 + 4) / 4.0, figures.MeanTokens);
        Assert.Equal((0 + 0.5 + 1 + 1) / 4, figures.Skipped);
        Assert.Equal(0.5, figures.BareAnswers);
        Assert.Equal(0.5, figures.RewardedSkipped); // the one above the mean of its group
        Assert.Equal(0.75, figures.WellFormed); // those rewarded -1 apart, all are
    }

    [Fact]
    public void Single_steps_pass_over_nothing_and_nothing_sampled_has_no_figures()
    {
        var figures = TextFigures.Of([Group(0, ("A0=7=7;", 1), ("A0=8=8;", 0.5))], _ => Four)!;
        Assert.Null(figures.Skipped);
        Assert.Null(figures.BareAnswers);
        Assert.Equal(7, figures.MeanTokens);
        Assert.Null(TextFigures.Of([], _ => Four));
    }

    [Fact]
    public void A_validation_is_judged_by_its_greedy_texts()
    {
        var answer = Evaluation.SampleRun.Answer("p", 4) with { GreedyText = "#01$", MeanTokens = 12 };
        var figures = TextFigures.Of([Four, Four], [answer, answer with { GreedyText = "A0=7=7;B7+3=0;C0=2=2;D2-1=1;#01$", MeanTokens = 20 }]);
        Assert.Equal((16, 0.5, 0.5), (figures.MeanTokens, figures.Skipped, figures.BareAnswers));
    }

    private static TrajectoryGroup Group(int? step, params (string Text, double Reward)[] completions) => new()
    {
        ProblemId = "p",
        Step = step,
        PromptTokens = [1],
        Trajectories = [.. completions.Select((completion, index) => new Trajectory
        {
            Tokens = [.. Enumerable.Range(0, completion.Text.Length)],
            LogProbs = [],
            Text = completion.Text,
            Terminated = true,
            Reward = completion.Reward,
            WellFormed = completion.Text != "#98$",
        })],
    };
}
