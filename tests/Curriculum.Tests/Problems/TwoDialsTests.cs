using CsCheck;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Tests.Problems;

[Trait("Speed", "fast")]
public sealed class TwoDialsTests
{
    private static readonly TwoDials Family = new();

    // Worked by hand: dial one loads 7, +3 = 10 -> 0, -2 -> 8; dial two loads 6, +5 = 11 -> 1, -4 = -3 -> 7.
    private static readonly Problem ByHand = TwoDials.Pose("by-hand", DialOperation.Parse("A=7B+3C-2D=6E+5F-4?"));

    private const string Solution = "A0=7=7;B7+3=0;C0-2=8;D8=6=6;E6+5=1;F1-4=7;#87$";

    private static readonly string[] Fragments = ["A", "B7+3=0;", "Q", "#", "87", "$", ";", "?", "=", "A0=7=7;", "\0", "é", "\ud800", "#87$"];

    [Fact]
    public void The_expert_writes_one_line_for_each_operation_and_then_both_dials()
    {
        Assert.Equal(["A0=7=7;", "B7+3=0;", "C0-2=8;", "D8=6=6;", "E6+5=1;", "F1-4=7;", "#87$"], ByHand.Steps);
        Assert.Equal("87", ByHand.Answer);
        Assert.Equal(new(true, true, true), Family.Verify(ByHand, Solution));
    }

    [Fact]
    public void The_prompt_is_the_question_and_the_steps_before()
    {
        Assert.Equal("A=7B+3C-2D=6E+5F-4?", Family.Prompt(ByHand));
        Assert.Equal("A=7B+3C-2D=6E+5F-4?A0=7=7;B7+3=0;", Family.Prompt(ByHand, 2));
        Assert.Equal((';', '$'), (Family.Stop(step: true), Family.Stop(step: false)));
    }

    [Fact]
    public void N_steps_give_N_minus_one_instances()
    {
        var instances = StepInstances.Of(ByHand);
        Assert.Equal(ByHand.Steps.Count - 1, instances.Count);
        Assert.Equal([0, 1, 2, 3, 4, 5], instances.Select(i => i.Step!.Value));
        Assert.Equal(0, StepInstances.Count(ByHand with { Steps = [] }));
    }

    [Theory]
    [InlineData("#87$", true, true, false)] // right without working
    [InlineData("#88$", true, false, false)]
    [InlineData("A0=7=7;C7-2=5;#87$", true, true, false)] // right, steps skipped
    [InlineData("A0=7=7;B7+3=1;C1-2=8;D8=6=6;E6+5=1;F1-4=7;#87$", true, true, false)] // right, a result wrong and the next line too
    [InlineData("", false, false, false)]
    [InlineData("#87", false, false, false)] // unterminated
    [InlineData("#87$$", false, false, false)] // something after the end
    [InlineData("A0=7=7; #87$", false, false, false)]
    [InlineData("#87$A0=7=7;", false, false, false)]
    [InlineData("#８７$", false, false, false)] // full-width digits are no digits here
    public void A_completion_is_judged_by_form_answer_and_steps(string completion, bool wellFormed, bool correct, bool stepsValid) =>
        Assert.Equal(new(wellFormed, correct, stepsValid), Family.Verify(ByHand, completion));

    [Theory]
    [InlineData("A0=7=7;B6+3=9;", 1, StepFault.Link)]
    [InlineData("A0=7=7;B7-3=4;", 1, StepFault.Operand)]
    [InlineData("A0=7=7;B7+4=1;", 1, StepFault.Operand)]
    [InlineData("A0=7=7;B7+3=1;", 1, StepFault.Arithmetic)]
    [InlineData("A0=7=8;", 0, StepFault.Arithmetic)]
    [InlineData("A1=7=7;", 0, StepFault.Link)]
    [InlineData("A0=7=7;C7-2=5;", 1, StepFault.Skipped)]
    [InlineData("A0=7=7;C7-2=5;", 2, StepFault.None)]
    [InlineData("A0=7=7;A7=7=7;", 1, StepFault.Link)] // again, but from the result
    [InlineData("A0=7=7;A0=7=7;", 1, StepFault.None)]
    [InlineData("A0=7=7;B7+3=1;B7+3=0;", 2, StepFault.None)]
    [InlineData("A0=7=7;B7+3=1;B7+3=2;", 2, StepFault.Arithmetic)]
    [InlineData("A0=7=7;B7+3=1;B7+3=0;C0-2=8;", 3, StepFault.None)]
    [InlineData("A0=7=7;B7+3=0;A0=7=7;", 2, StepFault.Operand)] // back to an earlier operation
    [InlineData("A0=7=7;B7+3=0;A0=7=7;A7=7=7;", 3, StepFault.Operand)] // and once more
    [InlineData("Z0=7=7;", 0, StepFault.Operand)] // labelled with no operation
    [InlineData("Z0=7=7;", 1, StepFault.Skipped)]
    [InlineData("A0=7=7;B7+3", 6, StepFault.Format)] // B to F skipped, then the torn rest
    public void Each_line_carries_the_first_fault_that_applies(string written, int entry, StepFault fault) =>
        Assert.Equal(fault, TwoDials.Check(ByHand, written).Steps[entry].Fault);

    [Fact]
    public void A_wrong_result_carried_on_rightly_is_one_fault()
    {
        var check = TwoDials.Check(ByHand, "A0=7=7;B7+3=1;C1-2=9;D9=6=6;E6+5=1;F1-4=7;#97$");
        Assert.Equal([StepFault.None, StepFault.Arithmetic, StepFault.None, StepFault.None, StepFault.None, StepFault.None], check.Steps.Select(s => s.Fault));
        Assert.False(check.Correct);
    }

    [Fact]
    public void The_verifier_never_throws_whatever_the_text()
    {
        var tokens = Gen.Int[0, Fragments.Length - 1].Select(i => Fragments[i]);
        Gen.OneOf(Gen.String, tokens.Array.Select(string.Concat), Gen.String[Gen.Char[TwoDials.Characters], 0, 80])
            .Sample(text => Family.Verify(ByHand, text) is var v && (!v.Correct || v.WellFormed) && (!v.StepsValid || v.Correct));
    }

    [Fact]
    public void Every_generated_problem_is_solved_by_its_own_expert_in_the_vocabulary()
    {
        Gen.Select(Gen.Int[TwoDials.MinOperations, TwoDials.MaxOperations], Gen.Int).Sample((operations, seed) =>
        {
            var problem = Family.Create(Set(3, seed, operations), null)[2];
            var solution = string.Concat(problem.Steps);
            return Family.Verify(problem, solution) == new Verification(true, true, true)
                && (problem.Question + solution).All(c => TwoDials.Characters.Contains(c, StringComparison.Ordinal) && c != TwoDials.Pad);
        });
    }

    [Fact]
    public void The_vocabulary_is_35_distinct_characters()
    {
        Assert.Equal(35, TwoDials.Characters.Length);
        Assert.Equal(35, TwoDials.Characters.Distinct().Count());
    }

    // The two questions come from a separate implementation in Python of the documented draws.
    [Fact]
    public void Problems_are_a_pure_function_of_the_plan()
    {
        var problems = Family.Create(Set(4, 7, 6, 8), null);
        Assert.Equal(["two-dials/6/7/0", "two-dials/8/7/0", "two-dials/6/7/1", "two-dials/8/7/1"], problems.Select(p => p.Id));
        Assert.Equal(("A=4B-1C-8D=6E-7F-1?", "A=5B+5C-5D=9E-2F-8?"), (problems[0].Question, problems[2].Question));
        Assert.Equal(problems.Select(p => p.Question), Family.Create(Set(4, 7, 6, 8), null).Select(p => p.Question));
    }

    [Fact]
    public void All_hundred_questions_of_two_operations_are_made_and_one_more_is_refused()
    {
        Assert.Equal(100, Family.Create(Set(100, 1, 2), null).Select(p => p.Question).Distinct().Count());
        var refused = Assert.Throws<ArgumentException>(() => Family.Create(Set(101, 1, 2), null));
        Assert.Contains("count", refused.Message, StringComparison.Ordinal);
        Assert.Contains("at most 100 ", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 8, "count")]
    [InlineData(1, 1, "difficulty")]
    [InlineData(1, 18, "difficulty")]
    public void A_setting_that_cannot_be_met_is_named(int count, int operations, string setting) =>
        Assert.Contains(setting, Assert.Throws<ArgumentException>(() => Family.Create(Set(count, 1, operations), null)).Message, StringComparison.Ordinal);

    [Fact]
    public void The_planted_benchmark_is_what_a_plan_of_its_seed_asks_for()
    {
        Assert.Equal(32, TwoDials.Planted.Select(p => p.Question).Distinct().Count());
        Assert.Equal(TwoDials.Planted.Select(p => p.Question), Family.Create(Set(32, TwoDials.PlantedSeed, 8), null).Select(p => p.Question));
    }

    private static ProblemSetPlan Set(int count, int seed, params int[] difficulty) =>
        new() { Family = TwoDials.FamilyName, Count = count, Seed = seed, Difficulty = difficulty };
}
