using Curriculum.Evaluation;
using Curriculum.Evaluation.Activation;
using Curriculum.Evaluation.Audits;
using Curriculum.Evaluation.Probes;
using Curriculum.Plans;
using Curriculum.Tests.Submission;
using Curriculum.Work;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class MeasureTests
{
    // By hand: three tokens of log-probability -3 ln 2 in all are half likely each.
    [Fact]
    public void Perplexity_is_the_inverse_of_the_geometric_mean()
    {
        TextScore[] scores = [new("a", [new(9, -1), new(2, -2 * Math.Log(2))]), new("b", [new(9, -1), new(1, -Math.Log(2))])];
        Assert.Equal(2, Likelihoods.Perplexity(scores, 1)!.Value, 1e-12);
        Assert.Null(Likelihoods.Perplexity([new("a", [new(0, 0)])], 0));
    }

    // By hand: log p_base - log p_tuned is 1 and 3 over 5 + 3 tokens.
    [Fact]
    public void Divergence_is_the_mean_log_ratio_over_what_the_base_wrote()
    {
        TextScore[] start = [new("a", [new(4, -9), new(5, -1)]), new("b", [new(4, -9), new(3, -2)])];
        TextScore[] tuned = [new("a", [new(4, -1), new(5, -2)]), new("b", [new(4, -1), new(3, -5)])];
        Assert.Equal(0.5, Likelihoods.Divergence(start, tuned, 1)!.Value, 1e-12);

        // A part for each text, over the mean length of 4: 1/4 and 3/4.
        Assert.Equal([0.25, 0.75], Likelihoods.DivergenceParts(start, tuned, 1));
        Assert.Throws<ArgumentException>(() => Likelihoods.Divergence(start, [.. tuned.Reverse()], 1));
    }

    // An independent source: for p = (1/2, 1/2) and q = (1/4, 3/4) the sum p log(p/q) is ln 2 - ln(3) / 2; the base's draws are half of each kind.
    [Fact]
    public void Divergence_over_draws_of_the_base_is_the_kullback_leibler_sum()
    {
        TextScore[] start = [new("x", [new(1, Math.Log(0.5))]), new("y", [new(1, Math.Log(0.5))])];
        TextScore[] tuned = [new("x", [new(1, Math.Log(0.25))]), new("y", [new(1, Math.Log(0.75))])];
        Assert.Equal(Math.Log(2) - Math.Log(3) / 2, Likelihoods.Divergence(start, tuned, 0)!.Value, 1e-12);
    }

    // By hand, four samples: the base has 0 and 2 right, pass@2 of the second 1 - C(2,2)/C(4,2) = 5/6; the arm has 4 and 0 right.
    [Fact]
    public void A_base_that_covers_more_catches_up_at_large_k()
    {
        var start = PassAtKCurve.Of("base", [[Counts(0), Counts(2)]], null);
        Assert.Equal([1, 2, 4], start.Points.Select(point => point.K));
        Assert.Equal([0.25, Math.Round(5.0 / 12, 12), 0.5], start.Points.Select(point => Math.Round(point.Value, 12)));
        var arm = PassAtKCurve.Of("arm", [[Counts(4), Counts(0)]], start);
        Assert.Equal([0.5, 0.5, 0.5], arm.Points.Select(point => point.Value));
        Assert.Equal(4, arm.BaseCatchesUpAt);
        Assert.Null(PassAtKCurve.Of("arm", [[Counts(4), Counts(4)]], start).BaseCatchesUpAt);
    }

    // By hand, groups of four: three of four fail whole before, one after; none is mixed before, two after.
    [Fact]
    public void Enabling_counts_the_groups_that_rlvr_can_learn_from()
    {
        var enabling = Enabling.Of("arm", [Counts(0), Counts(0), Counts(0), Counts(4)], [[Counts(0), Counts(2), Counts(3), Counts(4)]], Mean);
        Assert.Equal((0.75, 0.25, -0.5), (enabling.ZeroSuccessBefore, enabling.ZeroSuccessAfter, enabling.ZeroSuccessChange.Value));
        Assert.Equal((0.0, 0.5, 0.5), (enabling.UsefulBefore, enabling.UsefulAfter, enabling.UsefulChange.Value));
        Assert.Equal((4, 4), (enabling.Problems, enabling.GroupSize));
    }

    // By hand: 2 (asin sqrt(3/4) - asin sqrt(1/2)) = 2 (pi/3 - pi/4) = pi/6.
    [Fact]
    public void Effect_size_is_cohens_h()
    {
        Assert.Equal(Math.PI / 6, CohenH.Of(0.75, 0.5), 1e-12);
        Assert.Equal(-Math.PI, CohenH.Of(0, 1), 1e-12);
    }

    // arXiv 2510.25992, Table 1: cells and printed averages. SRL's own cells average 26.9, not the 27.6 that is printed.
    [Theory]
    [InlineData(24.6, true, 49.3, 50.0, 10.5, 13.3, 7.5, 6.7, 34.9)]
    [InlineData(16.6, true, 26.8, 40.0, 3.9, 10.0, 5.4, 10.0, 20.2)]
    [InlineData(24.5, true, 52.0, 47.5, 11.1, 10.0, 7.4, 10.0, 33.8)]
    [InlineData(17.4, true, 37.6, 35.0, 4.9, 3.3, 4.5, 6.7, 30.1)]
    [InlineData(27.6, false, 51.5, 50.0, 13.2, 16.7, 7.1, 13.3, 36.4)]
    [InlineData(28.3, true, 52.1, 57.5, 13.3, 20.0, 8.6, 10.0, 36.4)]
    public void A_printed_average_is_held_against_its_cells(double printed, bool agrees, params double[] cells)
    {
        var found = TableCheck.Average(cells, printed, decimals: 1);
        Assert.Equal(agrees, found.Agrees);
        if (!agrees)
            Assert.Equal(26.9, found.Mean, 0.05);
    }

    [Fact]
    public void A_stored_verdict_whose_average_was_changed_is_flagged()
    {
        var verdict = Conclude(SampleRun.Plan(1, 2, 3), (_, _) => 0.5);
        Assert.Empty(TableCheck.Mismatches(verdict));
        var changed = verdict with
        {
            Arms = [.. verdict.Arms.Select(arm => arm.Arm == "srl" ? arm with { Benchmarks = [arm.Benchmarks[0] with { Sampled = new(0.6, 0.5, 0.7) }] } : arm)],
        };
        Assert.Equal("sample: the sampled accuracy of srl on clean is shown as 0.6, and its cells average 0.5.", Assert.Single(TableCheck.Mismatches(changed)));
        Assert.Single(Study.Of([verdict, changed]).Mismatches);
    }

    // By hand: the cells' means are 0.5 and 0.4.
    [Theory]
    [InlineData(0.5, 0.4, true)]
    [InlineData(0.51, 0.4, false)]
    [InlineData(0.5, 0.39, false)]
    public void Averages_are_computed_anew_and_held_against_those_shown(double greedy, double sampled, bool agrees)
    {
        SeedBenchmark Cell(double value, double mean) => new() { Name = "clean", Problems = 10, Greedy = new(value, 0, 1), GreedyStepsValid = 0, Sampled = mean, MeanTokens = 1 };
        var found = RecomputedMeans.Of([Cell(0.25, 0.5), Cell(0.75, 0.3)], greedy, sampled);
        Assert.Equal((0.5, 0.4, agrees), (found.Greedy, Math.Round(found.Sampled!.Value, 12), found.Agrees));

        var verdict = Conclude(SampleRun.Plan(1, 2, 3), (_, _) => 0.5);
        var written = verdict with { Arms = [.. verdict.Arms.Select(arm => arm.Arm == "srl" ? arm with { Benchmarks = [arm.Benchmarks[0] with { Recomputed = found }] } : arm)] };
        Assert.Equal(agrees ? [] : ["sample: the averages of srl on clean did not agree with their cells when the verdict was written."], TableCheck.Mismatches(written));
    }

    // By hand: (0.9 - 0.5) - (0.1 - 0) = 0.3.
    [Fact]
    public void The_interaction_is_a_difference_of_gains()
    {
        var interaction = Conclude(Factorial(), (arm, _) => arm switch { "base" => 0, "srl" => 0.5, "rlvr" => 0.1, _ => 0.9 }).Interaction!;
        Assert.Equal(("base", "srl", "rlvr", "srl-rlvr"), (interaction.Arms.Base, interaction.Arms.Imitation, interaction.Arms.Outcome, interaction.Arms.Both));
        Assert.Equal(0.3, interaction.Estimate!.Value, 1e-12);
        Assert.Equal((0.1, 0.4), (Math.Round(interaction.GainAlone!.Value, 12), Math.Round(interaction.GainAfter!.Value, 12)));
        Assert.Equal(InteractionKind.Enabling, interaction.Kind);
        Assert.True(interaction.Estimate.Low > 0);
        Assert.Equal(InteractionKind.Undecided, Conclude(Factorial() with { Seeds = [1, 2] }, (arm, _) => arm == "srl-rlvr" ? 0.9 : 0).Interaction!.Kind);
        Assert.Equal(0, Conclude(Factorial(), (arm, _) => arm switch { "base" => 0, "srl" => 0.5, "rlvr" => 0.25, _ => 0.75 }).Interaction!.Estimate!.Value, 1e-12);
    }

    [Fact]
    public void Unequal_budgets_make_no_interaction()
    {
        // The plan's RLVR arm spends the whole budget on RLVR, the curriculum half of it.
        Assert.Null(Conclude(SampleRun.Plan(1, 2, 3), (_, _) => 0.5).Interaction);
        var plan = SampleRun.Plan(1, 2, 3);
        Assert.Contains("Set its share to 0.5", InteractionArms.Misfit(plan, new() { Base = "base", Imitation = "srl", Outcome = "rlvr", Both = "srl-rlvr" }), StringComparison.Ordinal);
    }

    [Fact]
    public void Arms_that_divide_the_budget_are_put_in_order()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        var reversed = plan.Arms[3] with { Name = "rlvr-srl", Stages = [.. plan.Arms[3].Stages.Reverse()] };
        var points = Conclude(plan with { Arms = [.. plan.Arms, reversed] }, (_, _) => 0.5).Sequencing;
        Assert.Equal(["rlvr", "srl-rlvr", "rlvr-srl", "srl"], points.Select(point => point.Arm));
        Assert.Equal([0, 0.5, 0.5, 1], points.Select(point => point.SrlShare));
        Assert.Equal([false, false, true, false], points.Select(point => point.Reversed));
        Assert.All(points, point => Assert.Equal(0.5, point.Accuracy!.Value, 1e-12));
    }

    [Fact]
    public void Arms_that_all_divide_the_budget_alike_are_no_sequence()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        ArmPlan[] alike = [plan.Arms[0], plan.Arms[3] with { Name = "one" }, plan.Arms[3] with { Name = "two" }, plan.Arms[3]];
        Assert.Empty(Conclude(plan with { Arms = alike }, (_, _) => 0.5).Sequencing);
    }

    [Fact]
    public void A_recited_benchmark_supports_no_win()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        double Clear(string arm, int seed) => arm == "srl-rlvr" ? 0.9 : 0.1;
        Assert.All(Conclude(plan, Clear).Comparisons, comparison => Assert.Equal(Decision.Wins, comparison.Decision));
        var verdict = Conclude(plan, Clear, Measures(Recital.Recited));
        Assert.All(verdict.Comparisons, comparison =>
        {
            Assert.Equal(Decision.Undecided, comparison.Decision);
            Assert.Contains(comparison.Reasons, reason => reason.StartsWith("Contaminated: clean cannot support a win", StringComparison.Ordinal));
        });
        Assert.Equal(Standing.Recited, verdict.Benchmarks[0].Standing);
        Assert.Null(verdict.SideBySide[0].Clean);
        Assert.Equal(0.9, verdict.SideBySide[3].Suspect!.Value, 1e-12);
        Assert.All(Conclude(plan, Clear, Measures(Recital.Cleared)).Comparisons, comparison => Assert.Equal(Decision.Wins, comparison.Decision));
    }

    [Fact]
    public void A_spurious_reward_within_reach_withholds_the_win_over_the_others()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        var control = new ArmPlan { Name = "random", Stages = [new RlvrPlan { Reward = new() { Kind = RewardKind.Random } }] };
        plan = plan with { Arms = [.. plan.Arms, control] };
        var near = Conclude(plan, (arm, _) => arm switch { "srl-rlvr" => 0.9, "random" => 0.9, _ => 0.1 });
        Assert.All(near.Comparisons, comparison => Assert.Equal(Decision.Undecided, comparison.Decision));
        Assert.Contains(near.Comparisons[0].Reasons, reason => reason.StartsWith("Spurious: random,", StringComparison.Ordinal));
        var far = Conclude(plan, (arm, _) => arm == "srl-rlvr" ? 0.9 : 0.1);
        Assert.All(far.Comparisons, comparison => Assert.Equal(Decision.Wins, comparison.Decision));
        Assert.True(far.Arms[^1].Spurious);
    }

    // By hand: on easy the base has 36 of 40 right and the curriculum 20: 40 points lost.
    [Fact]
    public void A_regression_stands_beside_the_win()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        plan = plan with { Evaluation = plan.Evaluation with { Benchmarks = [.. plan.Evaluation.Benchmarks, plan.Evaluation.Benchmarks[0] with { Name = "easy", Difficulty = [4] }] } };
        var results = SampleRun.Results(plan, (arm, _) => arm == "srl-rlvr" ? 0.9 : 0.1).ConvertAll(result => result with
        {
            Benchmarks = [result.Benchmarks[0], result.Benchmarks[1] with { Answers = SampleRun.Answers(SampleRun.Problems, result.Arm == "srl-rlvr" ? 0.5 : 0.9) }],
        });
        var verdict = VerdictWriter.Conclude(plan, SampleRun.Hash, results);
        Assert.Equal(-0.4, Assert.Single(verdict.Regressions).Difference.Value, 1e-12);
        Assert.All(verdict.Comparisons, comparison => Assert.Equal(Decision.Wins, comparison.Decision));
        Assert.Contains(verdict.Comparisons[0].Reasons, reason => reason.StartsWith("Regression on easy", StringComparison.Ordinal));
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("Damage:", StringComparison.Ordinal));
    }

    // By hand: on easy the base has 36 of 40 right and SRL 20; the curriculum lost nothing.
    [Fact]
    public void What_another_arm_lost_is_said_of_that_arm_and_not_held_against_the_curriculum()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        plan = plan with { Evaluation = plan.Evaluation with { Benchmarks = [.. plan.Evaluation.Benchmarks, plan.Evaluation.Benchmarks[0] with { Name = "easy", Difficulty = [4] }] } };
        var results = SampleRun.Results(plan, (arm, _) => arm == "srl-rlvr" ? 0.9 : 0.1).ConvertAll(result => result with
        {
            Benchmarks = [result.Benchmarks[0], result.Benchmarks[1] with { Answers = SampleRun.Answers(SampleRun.Problems, result.Arm == "srl" ? 0.5 : 0.9) }],
        });
        var verdict = VerdictWriter.Conclude(plan, SampleRun.Hash, results);
        Assert.Equal(("srl", "easy"), (Assert.Single(verdict.Regressions).Arm, verdict.Regressions[0].Benchmark));
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("Damage: srl is 40.0 points below the base on easy", StringComparison.Ordinal));
        Assert.DoesNotContain(verdict.Comparisons.SelectMany(comparison => comparison.Reasons), reason => reason.StartsWith("Regression", StringComparison.Ordinal));
    }

    [Fact]
    public void General_takes_two_model_families()
    {
        RunVerdict Win(string family) => Conclude(SampleRun.Plan(1, 2, 3) with { Base = new() { Model = "m", Family = family } }, (arm, _) => arm == "srl-rlvr" ? 0.9 : 0.1);
        Assert.True(Study.Of([Win("qwen"), Win("llama")]).General);
        Assert.False(Study.Of([Win("qwen"), Win("qwen")]).General);
        Assert.False(Study.Of([Win("qwen"), Conclude(SampleRun.Plan(1, 2, 3), (_, _) => 0.5)]).General);
        var study = Study.Of([Win("qwen"), Win("qwen"), Conclude(SampleRun.Plan(1, 2, 3), (arm, _) => arm == "base" ? 0.05 : 0.5)]);
        Assert.Equal([0.05, 0.1, 0.1], study.Runs.Select(run => run.BaseScore!.Value));
        Assert.Equal(0.45, study.Runs[0].Arms[0].Gain!.Value, 1e-12);
    }

    [Fact]
    public void Plans_of_measures_are_checked_with_pointers()
    {
        Assert.Empty(PlanText.Read(("/evaluation/probes", "{}"), ("/base/cutoff", "\"2024-12-31\"")).Violations);
        Assert.Null(PlanText.Read(("/evaluation/audit", "null")).Plan!.Evaluation.Audit);
        Assert.Equal(0.6, PlanText.Read().Plan!.Evaluation.Audit!.DecidingCut);
        Assert.Null(PlanText.Read().Plan!.Evaluation.Probes);
        Assert.Equal(64, PlanText.Read(("/evaluation/probes", "{}")).Plan!.Evaluation.Probes!.PassAtK);
        void Refused(string pointer, params (string, string?)[] changes) => Assert.Equal([pointer], PlanText.Read(changes).Violations.Select(violation => violation.Pointer));
        Refused("/base/cutoff", ("/base/cutoff", "\"2024-02-30\""));
        Refused("/evaluation/benchmarks/0/released", ("/evaluation/benchmarks/0/released", "\"2025-01-01\""));
        Refused("/evaluation/audit/decidingCut", ("/evaluation/audit/decidingCut", "0.5"));
        Refused("/evaluation/audit/clearedBelow", ("/evaluation/audit/clearedBelow", "0.9"));
        Refused("/evaluation/interaction", ("/evaluation/interaction", """{ "base": "base", "imitation": "srl", "outcome": "srl", "both": "srl-rlvr" }"""));
        Refused("/evaluation/interaction/outcome", ("/evaluation/interaction", """{ "base": "base", "imitation": "srl", "outcome": "none", "both": "srl-rlvr" }"""));
    }

    private static RunPlan Factorial()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        return plan with { Arms = [.. plan.Arms.Select(arm => arm.Stages.Count == 1 ? arm with { Share = 0.5 } : arm)] };
    }

    private static BaseMeasures Measures(Recital recital) => new()
    {
        Audits = [new() { Benchmark = "clean", Problems = 40, Rows = [], Completion = new(recital == Recital.Recited ? 1 : 0, 0, 1), Recital = recital }],
        Problems = [],
        Failures = [],
        Fingerprints = [],
    };

    private static Estimate Mean(double[][] scores) => new(scores.Average(row => row.Average()), -1, 1);

    private static ProblemAnswers Counts(int correct) => SampleRun.Answer("p", 0) with { SamplesCorrect = correct };

    private static RunVerdict Conclude(RunPlan plan, Func<string, int, double> accuracy, BaseMeasures? measures = null) =>
        VerdictWriter.Conclude(plan, SampleRun.Hash, SampleRun.Results(plan, accuracy), measures);
}
