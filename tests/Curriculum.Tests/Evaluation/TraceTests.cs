using Curriculum.Evaluation.Activation;
using Curriculum.Evaluation.Traces;
using Curriculum.Problems;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class TraceTests
{
    private static readonly Problem Dials = TwoDials.Pose("p", [.. DialOperation.Parse("A=7B+3C-2D=6E+5F-4?")]);

    // The example of the family's own documentation.
    private static readonly Problem Calculation = new()
    {
        Id = "c",
        Family = RandomCalculation.FamilyName,
        Question = "((3+4)*2)/5=",
        Answer = "14/5",
        Steps = ["3+4=7;", "7*2=14;", "14/5=14/5;", "#14/5$"],
        Difficulty = 3,
    };

    [Fact]
    public void An_experts_trace_is_coherent_and_valid()
    {
        foreach (var problem in (Problem[])[Dials, Calculation])
        {
            var trace = Trace.Of(problem, string.Concat(problem.Steps));
            Assert.All(trace.Steps, step => Assert.Equal(StepTag.Sound, step.Tag));
            Assert.Equal((problem.Steps.Count - 2, problem.Steps.Count - 2), (trace.CoherentPairs, trace.Pairs));
            Assert.True(trace.Valid);
        }
    }

    // By hand, line by line. B takes 6 for 7, C adds where the question subtracts, D writes 7 for 6, E adds 4 for 5, F is passed over.
    // B does not take up A's result; C takes up B's, D C's, E D's.
    [Fact]
    public void Tags_exclude_each_other_and_coherence_is_not_validity()
    {
        var trace = Trace.Of(Dials, "A0=7=7;B6+3=9;C9+2=1;D1=6=7;E7+4=1;#87$");
        Assert.Equal(
            [StepTag.Sound, StepTag.FalsePremise, StepTag.FalseRule, StepTag.Calculator, StepTag.FalsePremise, StepTag.FalseRule],
            trace.Steps.Select(step => step.Tag));
        Assert.Equal((3, 4), (trace.CoherentPairs, trace.Pairs));
        Assert.True(trace.Correct);
        Assert.False(trace.Valid);
    }

    // By hand: every result is one too high (7, 1, 0, 6, 2, 9 would be right) and is taken up by the next line.
    [Fact]
    public void Every_step_of_a_consistent_wrong_trace_is_coherent()
    {
        var trace = Trace.Of(Dials, "A0=7=8;B8+3=2;C2-2=1;D1=6=7;E7+5=3;F3-4=0;#10$");
        Assert.Equal(trace.Pairs, trace.CoherentPairs);
        Assert.False(trace.Valid);
        Assert.Equal(6, trace.Steps.Count(step => step.Tag == StepTag.Calculator));
    }

    [Theory]
    [InlineData("3+4=8;8*2=16;16/5=16/5;#16/5$", StepTag.Calculator, StepTag.Sound, StepTag.Sound, 2)]
    [InlineData("3+4=7;7+2=9;9/5=9/5;#9/5$", StepTag.Sound, StepTag.FalseRule, StepTag.Sound, 2)]
    [InlineData("3+4=7;6*2=12;12/5=12/5;#12/5$", StepTag.Sound, StepTag.FalsePremise, StepTag.Sound, 1)]
    [InlineData("3+4=7;so what;14/5=14/5;#14/5$", StepTag.Sound, StepTag.Format, StepTag.FalsePremise, 0)]
    [InlineData("3+4=7;7*2=14;#14/5$", StepTag.Sound, StepTag.Sound, StepTag.FalseRule, 1)]
    public void Calculations_are_tagged_alike(string completion, StepTag first, StepTag second, StepTag third, int coherent)
    {
        var trace = Trace.Of(Calculation, completion);
        Assert.Equal([first, second, third], trace.Steps.Select(step => step.Tag));
        Assert.Equal(coherent, trace.CoherentPairs);
        Assert.False(trace.Valid);
    }

    [Fact]
    public void No_text_at_all_is_too_odd_to_be_read()
    {
        foreach (var text in (string[])["", "#", ";;;;", "A", "\ud800", "======", "(((((", "A0=7=7;A0=7=7;A0=7=7;"])
        {
            foreach (var problem in (Problem[])[Dials, Calculation])
                Assert.False(Trace.Of(problem, text).Valid);
        }
    }

    // By hand: of two problems the base is wrong on both; the arm is right on the first with every step sound, and wrong on the second.
    [Fact]
    public void Patterns_divide_the_problems_by_who_was_right()
    {
        const string Right = "A0=7=7;B7+3=0;C0-2=8;D8=6=6;E6+5=1;F1-4=7;#87$";
        const string Wrong = "A0=7=8;B8+3=2;C2-2=1;D1=6=7;E7+5=3;F3-4=0;#10$";
        var arm = ArmTraces.Of("arm", [Dials, Dials], [[Right, Wrong]], [[[Right, "#87$"], ["#87$"]]], [Wrong, "#11$"], scores => new(scores.Average(row => row.Average()), 0, 1));
        Assert.Equal((0.5, 1.0, 0.5), (arm.Correct.Value, arm.Coherence.Value, arm.Validity.Value));
        Assert.Equal(["00", "01", "10", "11"], arm.Patterns.Select(pattern => pattern.Pattern));
        Assert.Equal([1, 1, 0, 0], arm.Patterns.Select(pattern => pattern.Problems));
        Assert.Equal((1.0, 1.0, 0.0, 1.0), (arm.Patterns[1].BaseCoherence, arm.Patterns[1].Coherence, arm.Patterns[1].BaseValidity, arm.Patterns[1].Validity));
        // A bare answer has no steps that could be coherent.
        Assert.Equal((0.0, 1.0), (arm.Patterns[0].BaseCoherence, arm.Patterns[0].Coherence));
        // Both problems have a right sample, the first alone one whose every step is sound.
        Assert.Equal(0.5, arm.SoundAtK);
        Assert.Equal((6, 6), (arm.Tags[StepTag.Sound], arm.Tags[StepTag.Calculator]));
    }

    [Theory]
    [InlineData("A0=7=7;A0=7=7;B7+3=0;B7+3=1;#87$", 1, 1, 2, 0)]
    [InlineData("B0+3=3;A0=7=7;#87$", 0, 0, 2, 1)]
    [InlineData("A0=7=7;B7+3=0;C0-2=8;D8=6=6;E6+5=1;F1-4=7;#87$", 0, 0, 6, 0)]
    [InlineData("#87$", 0, 0, 0, 0)]
    public void Behaviours_are_counted_in_the_steps(string text, int verification, int backtracking, int subgoals, int backward) =>
        Assert.Equal(new Behaviours(verification, backtracking, subgoals, backward), Behaviours.Of(Dials, text));

    [Fact]
    public void Behaviours_are_phrases_where_steps_cannot_be_read() => Assert.Equal(
        new Behaviours(1, 1, 2, 1),
        Behaviours.Of(new() { Id = "g", Family = Gsm8k.FamilyName, Question = "?", Answer = "1" },
            "First, we need to find x. Let me check: 3. Wait, working backwards it is 2."));

    [Theory]
    [InlineData("#87$", Strategy.BareAnswer)]
    [InlineData("A0=7=7;#87$", Strategy.PartialWorking)]
    [InlineData("A0=7=7;B7+3=0;C0-2=8;D8=6=6;E6+5=1;F1-4=7;#87$", Strategy.FullWorking)]
    [InlineData("A0=7=7;B7+3", Strategy.NoAnswer)]
    public void Strategies_go_by_the_working(string text, Strategy expected) => Assert.Equal(expected, Strategies.Of(Dials, text));

    // By hand over four responses: three go from a bare answer to full working, of which two become right and one wrong: (2 - 1) / 4.
    [Fact]
    public void Contributions_of_strategy_pairs_sum_to_the_gain()
    {
        var switches = Strategies.Switches(
        [
            new(Strategy.BareAnswer, false, Strategy.FullWorking, true), new(Strategy.BareAnswer, false, Strategy.FullWorking, true),
            new(Strategy.BareAnswer, true, Strategy.FullWorking, false), new(Strategy.FullWorking, true, Strategy.FullWorking, true),
        ]);
        Assert.Equal(
            [new(Strategy.BareAnswer, Strategy.FullWorking, 0.75, 0.25), new StrategySwitch(Strategy.FullWorking, Strategy.FullWorking, 0.25, 0)], switches);
        Assert.Equal(0.75 - 0.5, switches.Sum(change => change.Contribution));
    }
}
