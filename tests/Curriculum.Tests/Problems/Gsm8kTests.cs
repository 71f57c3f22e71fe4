using System.Text.Json;
using CsCheck;
using Curriculum.Plans;
using Curriculum.Problems;
using Testing;

namespace Curriculum.Tests.Problems;

[Trait("Speed", "fast")]
public sealed class Gsm8kTests
{
    private static readonly Gsm8k Family = new();

    private static readonly string Good = Line("Two and two?", "They are 2+2=<<2+2=4>>4.\nTwice is <<4*2=8>>8.\n#### 1,008");

    [Fact]
    public void A_line_becomes_a_problem_with_its_solution_lines_as_steps()
    {
        var problem = Gsm8kReader.Read([Good]).Problems.Single();
        Assert.Equal(("gsm8k/0", "Two and two?", "1008", 2), (problem.Id, problem.Question, problem.Answer, problem.Difficulty));
        Assert.Equal(["They are 2+2=<<2+2=4>>4.\n", "Twice is <<4*2=8>>8.\n", "#### 1008\u0003"], problem.Steps);
        Assert.Equal(
            "Two and two?\n\nSolve it step by step, one step on each line, and end with a line of #### and the final number.\n\nThey are 2+2=<<2+2=4>>4.\n", Family.Prompt(problem, 1));
        Assert.Equal(new(true, true, true), Family.Verify(problem, string.Concat(problem.Steps)));
    }

    [Theory]
    [InlineData("{", RejectReason.NotAProblem)]
    [InlineData("[1]", RejectReason.NotAProblem)]
    [InlineData("{\"question\": \"q\"}", RejectReason.NotAProblem)]
    [InlineData("{\"question\": \"q\", \"answer\": 4}", RejectReason.NotAProblem)]
    [InlineData("{\"question\": \"\\ud800\", \"answer\": \"a\"}", RejectReason.NotAProblem)]
    [InlineData("{\"question\": \"q\", \"answer\": \"a\\n4\"}", RejectReason.NoAnswer)]
    [InlineData("{\"question\": \"q\", \"answer\": \"a\\n#### four\"}", RejectReason.NoAnswer)]
    [InlineData("{\"question\": \"q\", \"answer\": \"#### 4\"}", RejectReason.NoSteps)]
    [InlineData("{\"question\": \"q\", \"answer\": \"<<2+2=5>>\\n#### 4\"}", RejectReason.WrongAnnotation)]
    [InlineData("{\"question\": \"q\", \"answer\": \"<<10/3=3.33>>\\n#### 4\"}", RejectReason.RoundedAnnotation)]
    [InlineData("{\"question\": \"q\", \"answer\": \"<<2y+2=4>>\\n#### 4\"}", RejectReason.UnreadableAnnotation)]
    [InlineData("{\"question\": \"q\", \"answer\": \"<<2+2=4\\n#### 4\"}", RejectReason.UnreadableAnnotation)]
    [InlineData("{\"question\": \"q\", \"answer\": \"<<4/0=4>>\\n#### 4\"}", RejectReason.UnreadableAnnotation)]
    public void What_is_left_out_says_why(string line, RejectReason reason)
    {
        var reading = Gsm8kReader.Read([Good, line]);
        var rejected = Assert.Single(reading.Rejected);
        Assert.Equal((1, reason), (rejected.Line, rejected.Reason));
        Assert.NotEmpty(rejected.Detail);
    }

    [Fact]
    public void A_question_is_read_once() =>
        Assert.Equal(RejectReason.Duplicate, Assert.Single(Gsm8kReader.Read([Good, Good]).Rejected).Reason);

    [Theory]
    [InlineData("2+2=<<2+2=4>>4\n#### 1008", true, true, true)]
    [InlineData("#### 1,008.", true, true, false)]
    [InlineData("#### $1008.00\u0003", true, true, false)]
    [InlineData("2+2=<<2+2=5>>5\n#### 1008", true, true, false)]
    [InlineData("#### 7\n#### 1008", true, true, false)]
    [InlineData("#### 1008\n#### 7", true, false, false)]
    [InlineData("#### -1008", true, false, false)]
    [InlineData("1008", false, false, false)]
    [InlineData("####", false, false, false)]
    public void The_number_after_the_last_mark_counts(string completion, bool wellFormed, bool correct, bool stepsValid) =>
        Assert.Equal(new(wellFormed, correct, stepsValid), Family.Verify(Gsm8kReader.Read([Good]).Problems[0], completion));

    // What chat models write: bug reports of those who trained them on GSM8K.
    [Theory]
    [InlineData("72", "\\boxed{72}")]
    [InlineData("72", "So 48+24=72.\n\n\\boxed{72}\n\nI hope this helps!")]
    [InlineData("72", "#### Solution\nIt is \\boxed{72}.")]
    [InlineData("72", "\\boxed{71} is wrong.\n#### 72")]
    [InlineData("72", "#### **72**")]
    [InlineData("72", "#### 72 clips")]
    [InlineData("72", "#### **72 clips**.")]
    [InlineData("72", "####72\u0003")]
    [InlineData("72", "##### 72")]
    [InlineData("72", "#### $72$")]
    [InlineData("72", "#### \\boxed{72}")]
    [InlineData("72", "#### The final answer is 72.")]
    [InlineData("72", "#### Answer: 72")]
    [InlineData("72", "\\boxed{72 \\text{ clips}}")]
    [InlineData("72", "\\boxed{\\$72.00}")]
    [InlineData("72", "#### \u20ac72")]
    [InlineData("72", "#### 72 $")]
    [InlineData("72", "#### 72.0 km/h")]
    [InlineData("25", "#### 25%")]
    [InlineData("25", "\\boxed{25\\%}")]
    [InlineData("1008", "#### $1,008")]
    [InlineData("1008", "\\boxed{1{,}008}")]
    [InlineData("-3", "#### -3")]
    [InlineData("-3", "#### $-3")]
    [InlineData("-3", "#### -$3")]
    [InlineData("-3", "#### \u22123")] // a typographic minus
    [InlineData("-3", "#### \u2212$3 dollars")]
    [InlineData("-3", "\\boxed{-3}")]
    [InlineData("5/2", "#### 2.5 hours")]
    [InlineData("5/2", "#### 2 1/2")]
    [InlineData("5/2", "\\boxed{\\frac{5}{2}}")]
    [InlineData("-5/2", "\\boxed{-2\\dfrac{1}{2}}")]
    [InlineData("5/2", "#### **5/2** cups")]
    public void A_decorated_number_is_that_number(string reference, string completion) => Assert.Equal(new(true, true, false), Family.Verify(Of(reference), completion));

    [Theory]
    [InlineData("72", "#### -72")]
    [InlineData("72", "#### 72,5")]
    [InlineData("72", "#### 72 or 73")]
    [InlineData("72", "#### 72 dozen")]
    [InlineData("72", "#### 72 thousand dollars")]
    [InlineData("72", "#### 72 and a half")]
    [InlineData("72", "#### 72k")]
    [InlineData("72", "#### 72 + 1")]
    [InlineData("72", "#### 72 x 2")]
    [InlineData("72", "#### 72*2")]
    [InlineData("72", "#### 7*2")]
    [InlineData("72", "#### 7_2")]
    [InlineData("72", "#### 7**2")]
    [InlineData("72", "#### 7 ** 2")]
    [InlineData("72", "#### 7 *2*")]
    [InlineData("14", "#### 7*2")] // a sum is no number
    [InlineData("72", "#### 24+48")]
    [InlineData("1", "#### 1 hour thirty minutes")]
    [InlineData("3", "#### 3 below zero")]
    [InlineData("2", "\\boxed{\\frac{2}{0}}")]
    [InlineData("72", "#### 72^2")]
    [InlineData("72", "#### 72!")]
    [InlineData("72", "#### 72 = 73")]
    [InlineData("72", "#### x72")]
    [InlineData("72", "#### not 72")]
    [InlineData("72", "#### more than 72")]
    [InlineData("72", "#### 72 to 80")]
    [InlineData("72", "#### 72e3")]
    [InlineData("72", "\\boxed{72}\n\\boxed{73}")]
    [InlineData("72", "\\boxed{72")]
    [InlineData("72", "#### 72\n#### 73")]
    [InlineData("3", "#### --3")]
    [InlineData("3", "#### -$-3")]
    [InlineData("-3", "#### 3")]
    [InlineData("1008", "#### 10,08")]
    public void Another_number_or_more_than_a_number_is_not_right(string reference, string completion) => Assert.False(Family.Verify(Of(reference), completion).Correct);

    [Fact]
    public void A_file_of_other_lines_is_refused_and_unsound_solutions_are_left_out_and_said()
    {
        Assert.Contains("Line 2: Expected a JSON object", Assert.Throws<ArgumentException>(() => Family.Create(Set(1, 1), [Good, "\u00bb{"])).Message, StringComparison.Ordinal);
        string[] lines = [Good, "", Line("q", "2+2=<<2+2=5>>5\n#### 5"), Good.Replace("Two and", "Two  and", StringComparison.Ordinal)];
        Assert.Single(Family.Create(Set(1, 1), lines));
        Assert.Equal(
            "2 of 3 lines are skipped: line 3 (WrongAnnotation: <<2+2=5>>), line 4 (Duplicate: The question was read before.).", Family.LeftOut(lines));
        Assert.Null(Family.LeftOut([Good]));
    }

    [Fact]
    public void The_verifier_never_throws_whatever_the_text()
    {
        var problem = Gsm8kReader.Read([Good]).Problems[0];
        Gen.OneOf(Gen.String, Gen.String[Gen.Char["0123456789+-*/()<>=#$.,\n "], 0, 60]).Sample(text =>
            Family.Verify(problem, text) is var v && (!v.Correct || v.WellFormed) && (!v.StepsValid || v.Correct));
    }

    [Fact]
    public void A_plan_draws_distinct_problems_by_seed_and_never_more_than_there_are()
    {
        string[] lines = [.. Enumerable.Range(0, 20).Select(i => Line($"q{i}", $"<<{i}+0={i}>>\n#### {i}"))];
        var first = Family.Create(Set(10, 1), lines);
        Assert.Equal(10, first.Select(p => p.Id).Distinct().Count());
        Assert.Equal(first.Select(p => p.Id), Family.Create(Set(10, 1), lines).Select(p => p.Id));
        Assert.NotEqual(first.Select(p => p.Id), Family.Create(Set(10, 2), lines).Select(p => p.Id));
        Assert.Contains("count of 1 to 20", Assert.Throws<ArgumentException>(() => Family.Create(Set(21, 1), lines)).Message, StringComparison.Ordinal);
        Assert.Contains("dataset", Assert.Throws<ArgumentException>(() => Family.Create(Set(1, 1), null)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("train.jsonl", 7471, 23_716, "395 UnreadableAnnotation <<560//10=56>>", "4170 UnreadableAnnotation <<180//3=60>>")]
    [InlineData("test.jsonl", 1319, 4_282)]
    public void The_published_files_are_read_line_by_line_and_every_accepted_solution_verifies(string name, int accepted, int annotations, params string[] rejected)
    {
        var folder = Shared.Data("gsm8k");
        Assert.SkipWhen(folder is null, "shared/data/gsm8k is not beside this checkout.");
        var lines = Curriculum.Texts.Utf8Lines.Read(File.ReadAllBytes(Path.Combine(folder!, name)));
        var reading = Gsm8kReader.Read(lines);
        Assert.Equal(rejected, reading.Rejected.Select(line => $"{line.Line + 1} {line.Reason} {line.Detail}"));
        Assert.Equal(accepted, reading.Problems.Count);
        Assert.Equal(annotations, lines.Sum(line => Annotations.Read(JsonDocument.Parse(line).RootElement.GetProperty("answer").GetString()!).Count));
        Assert.All(reading.Problems, problem => Assert.True(Family.Verify(problem, string.Concat(problem.Steps)).Correct));
    }

    private static Problem Of(string answer) => new() { Id = "p", Family = Gsm8k.FamilyName, Question = "q", Answer = answer };

    private static string Line(string question, string answer) => $"{{\"question\": {JsonSerializer.Serialize(question)}, \"answer\": {JsonSerializer.Serialize(answer)}}}";

    private static ProblemSetPlan Set(int count, int seed) => new() { Family = Gsm8k.FamilyName, Count = count, Seed = seed, Dataset = "gsm8k.jsonl" };
}
