using Curriculum.Evaluation.Audits;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class AuditTests
{
    // The example of the family's own documentation: 19 characters, answered 87.
    private static readonly Problem Problem = TwoDials.Pose("p", [.. DialOperation.Parse("A=7B+3C-2D=6E+5F-4?")]);

    // Lin 2004, ROUGE, section 3.1: of S2 and S3 against "police killed the gunman" the longest common subsequences are 3 and 2 of 4 words.
    [Theory]
    [InlineData("police kill the gunman", "police killed the gunman", 0.75)]
    [InlineData("the gunman kill police", "police killed the gunman", 0.5)]
    // By hand, in characters: 6E+5 of 6E+5F-4? is 4 of 4 and of 8: 2 x 4 / 12.
    [InlineData("6E+5", "6E+5F-4?", 2.0 * 4 / 12)]
    [InlineData("", "", 1)]
    [InlineData("x", "", 0)]
    public void Rouge_l_is_the_f1_of_the_longest_common_subsequence(string candidate, string reference, double expected) =>
        Assert.Equal(expected, RougeL.F1(candidate, reference), 1e-12);

    // By hand: floor(0.4 x 19) = 7, floor(0.6 x 19) = 11, floor(0.8 x 19) = 15.
    [Theory]
    [InlineData(0.4, "A=7B+3C", "-2D=6E+5F-4?")]
    [InlineData(0.6, "A=7B+3C-2D=", "6E+5F-4?")]
    [InlineData(0.8, "A=7B+3C-2D=6E+5", "F-4?")]
    public void A_question_is_cut_at_a_share_of_its_length(double cut, string head, string tail)
    {
        var question = new CutQuestion(Problem, cut);
        Assert.Equal((head, tail), (question.Head, question.Tail));
        Assert.Equal(head, question.Prompt(template: false).Text);
        // The template closes the question: the policy is to answer it, not to go on with it.
        Assert.Equal(head + "?", question.Prompt(template: true).Text);
        // A chat template does that itself.
        Assert.Equal(head, question.Prompt(template: true, chat: true).Text);
        Assert.NotEqual(question.KeyOf(true), question.KeyOf(false));
    }

    [Theory]
    [InlineData("6E+5F-4?#87$", true, 1, true)]
    // The true tail and another answer; another tail of the same length, 7 of 8 characters in common, and the right answer.
    [InlineData("6E+5F-4?#86$", true, 1, false)]
    [InlineData("6E+5F-3?#87$", false, 2.0 * 7 / 16, true)]
    [InlineData("6E+5", false, 2.0 * 4 / 12, false)]
    [InlineData("", false, 0, false)]
    public void A_continuation_is_exact_close_and_answered_each_for_itself(string continuation, bool exact, double rouge, bool answered)
    {
        var judged = new CutQuestion(Problem, 0.6).Judge(continuation);
        Assert.Equal((exact, answered), (judged.Exact, judged.Answered));
        Assert.Equal(rouge, judged.RougeL, 1e-12);
    }

    // By hand over 20 problems: 11 of 20 is over one half, 10 is not; 1 of 20 is not under 5 %, 0 is.
    [Theory]
    [InlineData(11, Recital.Recited)]
    [InlineData(10, Recital.Suspect)]
    [InlineData(1, Recital.Suspect)]
    [InlineData(0, Recital.Cleared)]
    public void The_completion_rate_at_the_deciding_cut_marks_or_clears(int completed, Recital expected)
    {
        var problems = Problems(20);
        var audit = BenchmarkAudit.Of("b", problems, Continuations(problems, (i, cut) => cut == 0.6 && i < completed), new() { Samples = 2 }, 0.95);
        Assert.Equal(expected, audit.Recital);
        Assert.Equal(completed / 20.0, audit.Completion.Value, 1e-12);
        var row = audit.Rows.Single(row => row is { Cut: 0.6, Template: false });
        Assert.Equal(completed / 20.0, row.ExactMatch, 1e-12);
        // Of each problem's two samples one is the true tail where the greedy one is.
        Assert.Equal(completed / 40.0, row.SampledExactMatch!.Value, 1e-12);
        Assert.Equal(6, audit.Rows.Count);
        Assert.All(audit.Rows.Where(other => other.Cut != 0.6), other => Assert.Equal(0, other.ExactMatch));
    }

    [Fact]
    public void A_missing_continuation_is_an_error() =>
        Assert.Contains("found none", Assert.Throws<ArgumentException>(() => BenchmarkAudit.Of("b", Problems(2), new Dictionary<string, Continuation>(), new(), 0.95)).Message,
            StringComparison.Ordinal);

    [Theory]
    [InlineData("2025-05-01", "2024-12-31", Standing.Clean)]
    [InlineData("2024-12-31", "2024-12-31", Standing.Suspect)]
    [InlineData(null, "2024-12-31", Standing.Suspect)]
    [InlineData("2025-05-01", null, Standing.Suspect)]
    public void A_data_set_is_clean_only_when_it_was_released_after_the_cutoff(string? released, string? cutoff, Standing expected) => Assert.Equal(
        expected, BenchmarkStanding.Of(new() { Name = "b", Family = "gsm8k", Count = 1, Seed = 1, Dataset = "b.jsonl", Released = released }, new() { Model = "m", Cutoff = cutoff }, null).Standing);

    [Fact]
    public void What_is_generated_is_clean_with_its_seed_unless_the_base_recites_it()
    {
        BenchmarkPlan benchmark = new() { Name = "b", Family = "two-dials", Count = 20, Seed = 77, Difficulty = [8] };
        var problems = Problems(20);
        BenchmarkStanding Of(int completed) => BenchmarkStanding.Of(
            benchmark, new() { Model = "m" }, BenchmarkAudit.Of("b", problems, Continuations(problems, (i, _) => i < completed), new() { Samples = 2 }, 0.95));
        Assert.Equal((Standing.Clean, (int?)77), (Of(0).Standing, Of(0).GeneratedFromSeed));
        Assert.Equal(Standing.Suspect, Of(5).Standing);
        Assert.Equal(Standing.Recited, Of(20).Standing);
        Assert.StartsWith("The base completes 100.0 %", Of(20).Reason, StringComparison.Ordinal);
    }

    private static IReadOnlyList<Problem> Problems(int count) =>
        new TwoDials().Create(new() { Family = TwoDials.FamilyName, Count = count, Seed = 5, Difficulty = [8] }, null);

    private static Dictionary<string, Continuation> Continuations(IReadOnlyList<Problem> problems, Func<int, double, bool> completed) =>
        (from i in Enumerable.Range(0, problems.Count)
         from cut in new AuditPlan().Cuts
         from template in (bool[])[false, true]
         let question = new CutQuestion(problems[i], cut)
         let text = completed(i, cut) && !template ? question.Tail : "????"
         select new Continuation(question.KeyOf(template), text, [text, "????"])).ToDictionary(continuation => continuation.Key);
}
