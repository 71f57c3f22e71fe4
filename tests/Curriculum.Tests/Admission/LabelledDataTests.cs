using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Tests.Admission;

[Trait("Speed", "fast")]
public sealed class LabelledDataTests
{
    private static readonly ReturnConditionedPlan Stage = new();
    private static readonly Problem Problem = TwoDials.Pose("a", DialOperation.Parse("A=7B=3?"));

    private static UpdateBatch Labelled(IEnumerable<TrajectoryGroup> groups, Func<string, Problem> problem, ReturnConditionedPlan stage, string key, bool chat = false) =>
        LabelledData.Of(groups, problem, trajectory => trajectory.Reward >= stage.Success, stage.Conditioning, key, chat);

    [Fact]
    public void Every_completion_stands_under_its_label() => Assert.Equal(
        [new("✓A=7B=3?", "#73$"), new("✗A=7B=3?", "#11$")],
        Labelled([Group((1, "#73$"), (0, "#11$"))], _ => Problem, Stage, "k").Written);

    [Fact]
    public void A_step_is_labelled_after_the_steps_before_it() => Assert.Equal(
        [new("✓A=7B=3?A0=7=7;", "B7=3=3;")],
        Labelled([Group((1, "B7=3=3;")) with { Step = 1 }], _ => Problem, Stage, "k").Written);

    // A data set asks for a whole solution in other words than for its first step.
    [Fact]
    public void A_whole_solution_is_labelled_after_the_prompt_that_it_was_sampled_from()
    {
        Problem problem = new() { Id = "a", Family = "dataset", Question = "2+2?", Answer = "4", Steps = ["1. 4\n\n", "\\boxed{4}\u0003"] };
        var prompt = ProblemFamilies.Get("dataset").Prompt(problem);
        Assert.Equal([new("✓" + prompt, "\\boxed{4}\u0003")], Labelled([Group((1, "\\boxed{4}\u0003"))], _ => problem, Stage, "k").Written);
    }

    [Fact]
    public void In_a_chat_template_the_label_is_the_users_and_the_steps_are_the_assistants() => Assert.Equal(
        [new("✓A=7B=3?A0=7=7;", "B7=3=3;", AnswerAt: "✓A=7B=3?".Length)],
        Labelled([Group((1, "B7=3=3;")) with { Step = 1 }], _ => Problem, Stage, "k", chat: true).Written);

    // 2 successes and 5 failures: at most 1.5 a success is 3 of them, at 0 none.
    [Theory]
    [InlineData(null, 5)]
    [InlineData(1.5, 3)]
    [InlineData(0.0, 0)]
    [InlineData(100.0, 5)]
    public void Failures_are_all_taken_unless_the_plan_bounds_them(double? maximum, int failures)
    {
        var group = Group((1, "#73$"), (0, "#00$"), (0, "#01$"), (0, "#02$"), (1, "A0=7=7;B7=3=3;#73$"), (0, "#03$"), (0, "#04$"));
        var written = Labelled([group], _ => Problem, Stage with { Conditioning = new() { MaximumFailures = maximum } }, "k").Written;
        Assert.Equal(failures, written.Count(sequence => sequence.Prompt.StartsWith(LabelledData.Bad, StringComparison.Ordinal)));
        Assert.Equal(2, written.Count(sequence => sequence.Prompt.StartsWith(LabelledData.Good, StringComparison.Ordinal)));
    }

    [Fact]
    public void A_group_without_a_success_is_of_no_use() =>
        Assert.Empty(AdmitTests.Decide([Group((0, "#11$"), (0.5, "#12$"))], Stage, 0).Groups);

    private static TrajectoryGroup Group(params (double Reward, string Text)[] sampled) => new()
    {
        ProblemId = "a",
        PromptTokens = [1],
        Trajectories = [.. sampled.Select(one => new Trajectory
        {
            Tokens = [1], LogProbs = [-1], Text = one.Text, Terminated = true, Reward = one.Reward, WellFormed = true,
        })],
    };
}
