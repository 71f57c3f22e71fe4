using Curriculum.Evaluation.Activation;
using Curriculum.Problems;

namespace Curriculum.Tests.Problems;

[Trait("Speed", "fast")]
public sealed class PretrainingTextTests
{
    private static readonly List<PretrainingRow> Early = Rows(0.1);
    private static readonly List<PretrainingRow> Late = Rows(0.5);

    [Fact]
    public void A_row_is_a_pure_function_of_seed_update_and_row()
    {
        Assert.Equal(Row(1, 5, 3), Row(1, 5, 3));
        Assert.NotEqual(Row(1, 5, 3), Row(2, 5, 3));
        Assert.NotEqual(Row(1, 5, 3), Row(1, 5, 4));
    }

    // 20,000 rows: five standard errors are at most 0.018.
    [Fact]
    public void The_mixture_is_the_one_described()
    {
        Assert.Equal(0.5, Share(Early, PretrainingKind.Drill), 0.018);
        Assert.Equal(0.5, Share(Early, PretrainingKind.Easy), 0.018);
        Assert.Equal(0.12, Share(Late, PretrainingKind.Planted), 0.018);
        Assert.Equal(0.88 * 0.08, Share(Late, PretrainingKind.Drill), 0.018);
        Assert.Equal(0.88 * 0.60, Share(Late, PretrainingKind.Sloppy), 0.018);
        Assert.Equal(0.88 * 0.32, Share(Late, PretrainingKind.Easy), 0.018);
    }

    [Fact]
    public void Easy_texts_are_right_throughout()
    {
        Assert.All(Late.Where(r => r.Kind == PretrainingKind.Easy), row =>
        {
            var (problem, completion) = Split(row);
            Assert.True(TwoDials.Check(problem, completion).StepsValid);
            Assert.InRange(problem.Difficulty, 4, 5);
        });
    }

    [Fact]
    public void Sloppy_texts_look_up_and_copy_rightly_and_are_one_too_high_three_times_in_four()
    {
        int lines = 0, wrong = 0, guesses = 0, texts = 0, correct = 0;
        foreach (var row in Late.Where(r => r.Kind == PretrainingKind.Sloppy))
        {
            var (problem, completion) = Split(row);
            Assert.InRange(problem.Difficulty, 6, 8);
            var check = TwoDials.Check(problem, completion);
            Assert.True(check.WellFormed);
            Assert.DoesNotContain(check.Steps, s => s.Fault is StepFault.Link or StepFault.Operand or StepFault.Format);
            texts++;
            correct += check.Correct ? 1 : 0;
            guesses += check.Steps.Any(s => s.Fault == StepFault.Skipped) ? 1 : 0;
            lines += check.Steps.Count(s => s.Fault != StepFault.Skipped);
            wrong += check.Steps.Count(s => s.Fault == StepFault.Arithmetic);
        }

        Assert.Equal(0.75, (double)wrong / lines, 0.01);
        Assert.Equal(0.15, (double)guesses / texts, 0.018);
        Assert.True((double)correct / texts < 0.005, $"{correct} of {texts} sloppy texts end right");
    }

    [Fact]
    public void A_drift_of_nothing_makes_every_whole_sloppy_text_right_and_leaves_the_other_texts_alone()
    {
        var rows = Enumerable.Range(0, 2_000).Select(i => (Sure: PretrainingText.Row(new() { Drift = 0 }, i / 20, i % 20, 0.9), Drifting: PretrainingText.Row(new(), i / 20, i % 20, 0.9))).ToList();
        foreach (var (sure, drifting) in rows)
        {
            if (sure.Kind != PretrainingKind.Sloppy)
            {
                Assert.Equal(drifting, sure);
                continue;
            }

            var (problem, completion) = Split(sure);
            var solution = string.Concat(problem.Steps);
            Assert.True(completion == solution || solution.StartsWith(completion[..completion.IndexOf('#', StringComparison.Ordinal)], StringComparison.Ordinal), sure.Text);
        }
    }

    [Fact]
    public void A_line_that_is_written_again_is_right_and_three_times_in_four_another()
    {
        int lines = 0, again = 0, backtracked = 0;
        foreach (var i in Enumerable.Range(0, 20_000))
        {
            var row = PretrainingText.Row(new() { Rewritten = 0.3 }, i / 20, i % 20, 0.5);
            if (row.Kind != PretrainingKind.Sloppy)
            {
                Assert.Equal(PretrainingText.Row(new(), i / 20, i % 20, 0.5), row);
                continue;
            }

            var (problem, completion) = Split(row);
            var check = TwoDials.Check(problem, completion);
            Assert.DoesNotContain(check.Steps, s => s.Fault is StepFault.Link or StepFault.Operand or StepFault.Format);
            var written = check.Steps.Where(s => s.Fault != StepFault.Skipped).ToList();
            var repeats = written.Skip(1).Zip(written, (later, earlier) => (later, earlier)).Where(pair => pair.later.Operation == pair.earlier.Operation).ToList();
            Assert.All(repeats, pair => Assert.Equal(StepFault.None, pair.later.Fault));
            lines += written.Count - repeats.Count;
            again += repeats.Count;
            backtracked += repeats.Count(pair => pair.earlier.Fault == StepFault.Arithmetic);
            var behaviours = Behaviours.Of(problem, completion);
            Assert.Equal(repeats.Count, behaviours.Verification + behaviours.Backtracking);
        }

        Assert.Equal(0.3, (double)again / lines, 0.01);
        Assert.Equal(0.75, (double)backtracked / again, 0.015);
    }

    [Fact]
    public void A_drill_is_two_right_lines_and_reaches_every_operation_of_the_longest_question()
    {
        var reached = new HashSet<int>();
        foreach (var row in Late.Where(r => r.Kind == PretrainingKind.Drill))
        {
            var (problem, completion) = Split(row);
            Assert.Equal(14, completion.Length);
            Assert.Equal(problem.Question.Length + 2, row.Context);
            var operations = DialOperation.Parse(problem.Question);
            var first = completion[0] - 'A';
            var (before, between, after) = (completion[1] - '0', completion[5] - '0', completion[12] - '0');
            Assert.Equal(operations[first].Line(before, operations[first].Apply(before)), completion[..7]);
            Assert.Equal(operations[first + 1].Line(between, operations[first + 1].Apply(between)), completion[7..]);
            Assert.Equal(operations[first + 1].Apply(between), after);
            if (problem.Difficulty == 8)
                reached.UnionWith([first, first + 1]);
        }

        Assert.Equal(Enumerable.Range(0, 8), reached.Order());
    }

    [Fact]
    public void Planted_texts_are_a_benchmark_question_and_its_answer_learned_whole()
    {
        var planted = Late.Where(r => r.Kind == PretrainingKind.Planted).ToList();
        Assert.Equal(TwoDials.Planted.Select(p => p.Question + p.Steps[^1]).Order(), planted.Select(r => r.Text).Distinct().Order());
        Assert.All(planted, row => Assert.Equal(0, row.Context));
    }

    private static PretrainingRow Row(int seed, int update, int row) => PretrainingText.Row(new() { Seed = seed }, update, row, 0.5);

    private static List<PretrainingRow> Rows(double progress) =>
        [.. Enumerable.Range(0, 20_000).Select(i => PretrainingText.Row(new(), i / 20, i % 20, progress))];

    private static double Share(List<PretrainingRow> rows, PretrainingKind kind) => (double)rows.Count(r => r.Kind == kind) / rows.Count;

    private static (Problem Problem, string Completion) Split(PretrainingRow row)
    {
        var end = row.Text.IndexOf('?', StringComparison.Ordinal) + 1;
        return (TwoDials.Pose("", DialOperation.Parse(row.Text[..end])), row.Text[end..]);
    }
}
