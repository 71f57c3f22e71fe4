using System.Text.Json;
using Curriculum.Evaluation;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Tests.Evaluation;

[Trait("Speed", "fast")]
public sealed class VerdictWriterTests
{
    private static readonly RunPlan Plan = SampleRun.Plan(1, 2, 3);

    private static double ClearlyApart(string arm, int seed) => arm switch { "base" => 0, "rlvr" => 0.1, "srl" => 0.5, _ => 0.9 };

    [Fact]
    public void A_clear_difference_over_three_seeds_wins_against_every_arm()
    {
        var verdict = Conclude(Plan, SampleRun.Results(Plan, ClearlyApart));
        Assert.Equal(["base", "srl", "rlvr"], verdict.Comparisons.Select(comparison => comparison.Against));
        Assert.All(verdict.Comparisons, comparison => Assert.Equal(Decision.Wins, comparison.Decision));

        // By hand: 36 of 40 right against 20 of 40.
        var srl = verdict.Comparisons[1];
        Assert.Equal(0.4, srl.Difference!.Value, 1e-12);
        Assert.True(srl.Adjusted!.Low <= srl.Difference.Low && srl.Adjusted.High >= srl.Difference.High);
        Assert.StartsWith("For this base, srl-rlvr beats base, srl and rlvr: sampled accuracy on clean 90.0 %", verdict.Headline, StringComparison.Ordinal);
        Assert.Contains("+40.0 points on srl", verdict.Headline, StringComparison.Ordinal);
        Assert.False(verdict.Failed);
        Assert.Empty(verdict.FailedArms);
    }

    [Fact]
    public void A_clear_difference_the_other_way_loses()
    {
        var verdict = Conclude(Plan, SampleRun.Results(Plan, (arm, _) => arm == "rlvr" ? 0.95 : arm == "srl-rlvr" ? 0.4 : 0.4));
        Assert.Equal([Decision.Undecided, Decision.Undecided, Decision.Loses], verdict.Comparisons.Select(comparison => comparison.Decision));
        Assert.StartsWith("For this base, srl-rlvr loses to rlvr and is undecided against base and srl:", verdict.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void No_difference_is_equivalent_and_undecided()
    {
        var verdict = Conclude(Plan, SampleRun.Results(Plan, (_, _) => 0.5));
        Assert.All(verdict.Comparisons, comparison =>
        {
            Assert.Equal(Decision.Undecided, comparison.Decision);
            Assert.Contains(comparison.Reasons, reason => reason.StartsWith("Equivalent:", StringComparison.Ordinal));
            Assert.Equal(1, comparison.PValue);
        });
    }

    [Fact]
    public void A_real_difference_smaller_than_the_interesting_one_does_not_win()
    {
        var plan = Plan with { Evaluation = Plan.Evaluation with { SmallestInterestingDifference = 0.45 } };
        var srl = Conclude(plan, SampleRun.Results(plan, ClearlyApart)).Comparisons[1];
        Assert.Equal(Decision.Undecided, srl.Decision);
        Assert.True(srl.Adjusted!.Low > 0);
        Assert.Contains(srl.Reasons, reason => reason.Contains("smaller than the 45.0 points of interest", StringComparison.Ordinal));
    }

    [Fact]
    public void Seeds_that_disagree_are_undecided()
    {
        var verdict = Conclude(Plan, SampleRun.Results(Plan, (arm, seed) => arm == "srl-rlvr" && seed != 2 ? 0.9 : 0.5));
        Assert.All(verdict.Comparisons, comparison => Assert.Equal(Decision.Undecided, comparison.Decision));
        Assert.All(verdict.Comparisons, comparison => Assert.Contains("includes zero", comparison.Reasons[^1], StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Under_three_seeds_nothing_is_decided_and_the_estimates_are_shown(int count)
    {
        var plan = SampleRun.Plan([.. Enumerable.Range(1, count)]);
        var verdict = Conclude(plan, SampleRun.Results(plan, ClearlyApart));
        Assert.All(verdict.Comparisons, comparison =>
        {
            Assert.Equal(Decision.Undecided, comparison.Decision);
            Assert.StartsWith("Too few seeds", comparison.Reasons[0], StringComparison.Ordinal);
            Assert.NotNull(comparison.Difference);
        });
        Assert.StartsWith("Undecided for this base: too few seeds", verdict.Headline, StringComparison.Ordinal);
        Assert.Equal(count == 1, verdict.Caveats.Any(caveat => caveat.StartsWith("One seed:", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_curriculum_alone_is_shown_and_compared_with_nothing()
    {
        var plan = Plan with { Arms = [Plan.Arms[3]] };
        var verdict = Conclude(plan, SampleRun.Results(plan, ClearlyApart));
        Assert.Empty(verdict.Comparisons);
        Assert.StartsWith("For this base, srl-rlvr was compared with no other arm: sampled accuracy on clean 90.0 % (95 % interval", verdict.Headline, StringComparison.Ordinal);
        Assert.DoesNotContain(verdict.Caveats, caveat => caveat.StartsWith("Too few", StringComparison.Ordinal));
    }

    [Fact]
    public void Holm_stops_at_the_first_comparison_that_is_not_separated()
    {
        var verdict = Conclude(Plan, SampleRun.Results(Plan, (arm, seed) => arm switch
        {
            "base" => 0.9,
            "srl" => 0.9,
            "rlvr" => 0.85 + 0.025 * (seed % 2),
            _ => 0.9,
        }));
        var ordered = verdict.Comparisons.OrderBy(comparison => comparison.AdjustedPValue).ToList();
        var firstOpen = ordered.FindIndex(comparison => comparison.Decision == Decision.Undecided);
        Assert.All(ordered[firstOpen..], comparison => Assert.Equal(Decision.Undecided, comparison.Decision));
        Assert.Equal(1 - 0.05 / 3, verdict.Comparisons.Max(comparison => comparison.AdjustedConfidence)!.Value, 1e-12);
        Assert.Equal(0.95, verdict.Comparisons.Min(comparison => comparison.AdjustedConfidence)!.Value, 1e-12);
    }

    [Fact]
    public void A_failed_seed_is_kept_with_its_reason_and_left_out_of_the_comparison()
    {
        var results = SampleRun.Results(Plan, ClearlyApart);
        var index = results.FindIndex(result => result is { Arm: "rlvr", Seed: 2 });
        results[index] = results[index] with
        {
            Stages = [results[index].Stages[0] with { Outcome = StageOutcome.Failed, Reason = "non-finite loss at update 4" }],
            Benchmarks = [],
        };
        var verdict = Conclude(Plan, results);
        Assert.Equal("rlvr seed 2: non-finite loss at update 4", Assert.Single(verdict.FailedArms));
        Assert.Equal([1, 3], verdict.Comparisons[2].Seeds);
        Assert.Equal(Decision.Undecided, verdict.Comparisons[2].Decision);
        Assert.Equal(Decision.Wins, verdict.Comparisons[1].Decision);
        Assert.Equal(3, verdict.Arms.Single(arm => arm.Arm == "rlvr").Seeds.Count);
        Assert.False(verdict.Failed);
    }

    [Fact]
    public void A_missing_result_counts_as_failed()
    {
        var results = SampleRun.Results(Plan, ClearlyApart);
        results.RemoveAll(result => result is { Arm: "srl", Seed: 3 });
        Assert.Equal("srl seed 3: Expected a result, found none.", Assert.Single(Conclude(Plan, results).FailedArms));
    }

    [Fact]
    public void An_imitation_stage_without_an_update_counts_as_failed_and_a_starved_rlvr_stage_does_not()
    {
        var results = SampleRun.Results(Plan, ClearlyApart);
        for (var i = 0; i < results.Count; i++)
        {
            if (results[i] is { Seed: 1, Arm: "srl" or "rlvr" })
                results[i] = results[i] with { Compute = 200, Stages = [results[i].Stages[0] with { Updates = 0, Outcome = StageOutcome.Starved, Reason = "no group" }] };
        }

        var verdict = Conclude(Plan, results);
        Assert.Equal("srl seed 1: The SRL stage ended as starved without one update.", Assert.Single(verdict.FailedArms));
        var starved = verdict.Arms.Single(arm => arm.Arm == "rlvr").Seeds[0];
        Assert.True(starved.Underspent);
        Assert.Equal(0.2, starved.SpentShare);
        Assert.Contains(verdict.Caveats, caveat => caveat.Contains("rlvr seed 1 spent 20.0 % of its budget (starved)", StringComparison.Ordinal));
        Assert.Equal(3, verdict.Comparisons[2].Seeds.Count);
    }

    [Fact]
    public void A_run_in_which_no_arm_trained_is_a_failure()
    {
        var results = SampleRun.Results(Plan, ClearlyApart)
            .ConvertAll(result => result with { Stages = [.. result.Stages.Select(stage => stage with { Updates = 0, Outcome = StageOutcome.Starved })] });
        var verdict = Conclude(Plan, results);
        Assert.True(verdict.Failed);
        Assert.StartsWith("Failed. No arm trained", verdict.Headline, StringComparison.Ordinal);
    }

    [Fact]
    public void The_order_of_the_results_changes_no_byte()
    {
        var results = SampleRun.Results(Plan, (arm, seed) => ClearlyApart(arm, seed) + 0.01 * seed);
        var forwards = Json(Conclude(Plan, results));
        results.Reverse();
        Assert.Equal(forwards, Json(Conclude(Plan, results)));
        Assert.Equal(forwards, Json(JsonSerializer.Deserialize(forwards, VerdictJson.Default.RunVerdict)!));
    }

    [Fact]
    public void Two_fingerprints_are_mixed_numerics()
    {
        var results = SampleRun.Results(Plan, ClearlyApart);
        Assert.False(Conclude(Plan, results).MixedNumerics);
        results[3] = results[3] with { Fingerprints = ["cuda/sm90/libtorch-2.10/bf16/1"] };
        var verdict = Conclude(Plan, results);
        Assert.True(verdict.MixedNumerics);
        Assert.Equal(2, verdict.Fingerprints.Count);
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("Mixed numerics", StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_shows_every_seed_and_means_that_agree_with_their_cells()
    {
        // By hand: 8, 16 and 24 of 40 right: 0.2, 0.4, 0.6, mean 0.4.
        var verdict = Conclude(Plan, SampleRun.Results(Plan, (_, seed) => 0.2 * Math.Max(1, seed)));
        var srl = verdict.Arms.Single(arm => arm.Arm == "srl");
        Assert.Equal([0.2, 0.4, 0.6], srl.Seeds.Select(seed => seed.Benchmarks[0].Sampled!.Value));
        Assert.Equal(0.4, srl.Benchmarks[0].Sampled!.Value, 1e-12);
        Assert.True(srl.Benchmarks[0].Recomputed.Agrees);
        Assert.Equal(0.4, srl.Benchmarks[0].Recomputed.Greedy, 1e-12);
        Assert.Equal(0.4, srl.Benchmarks[0].Recomputed.Sampled!.Value, 1e-12);
        Assert.Single(verdict.Arms.Single(arm => arm.Arm == "base").Seeds);
        Assert.Equal(1, verdict.Arms.Single(arm => arm.Arm == "base").Benchmarks[0].Seeds);
    }

    [Fact]
    public void The_greedy_metric_is_used_where_the_plan_names_it()
    {
        var plan = Plan with { Evaluation = Plan.Evaluation with { PrimaryMetric = Metric.Greedy, Against = ["rlvr"] } };
        var results = SampleRun.Results(plan, ClearlyApart);
        for (var i = 0; i < results.Count; i++)
        {
            // Two samples of four right everywhere, so that the sampled accuracy is 0.5 for all and no greedy answer is right.
            if (results[i].Arm != "srl-rlvr")
                results[i] = results[i] with { Benchmarks = [results[i].Benchmarks[0] with { Answers = [.. Enumerable.Range(0, SampleRun.Problems).Select(p => SampleRun.Answer($"p{p}", 2))] }] };
        }

        var comparison = Assert.Single(Conclude(plan, results).Comparisons);
        Assert.Equal(0.9, comparison.Difference!.Value, 1e-12);
    }

    [Fact]
    public void Results_that_do_not_fit_the_plan_are_refused()
    {
        var results = SampleRun.Results(Plan, ClearlyApart);
        Refused([.. results, results[1]], "Expected one result of arm 'srl' seed 1, found 2.");
        Refused([results[0] with { Arm = "other" }], "found a result of 'other'");
        Refused([results[1] with { Seed = 9 }], "found 9 of arm 'srl'");
        Refused([.. results[..^1], results[^1] with { Benchmarks = [results[^1].Benchmarks[0] with { Answers = [.. results[^1].Benchmarks[0].Answers.Skip(1)] }] }], "found 39 answers");
    }

    private static void Refused(IReadOnlyList<ArmSeedResult> results, string message) =>
        Assert.Contains(message, Assert.Throws<ArgumentException>(() => Conclude(Plan, results)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_interval_depends_on_how_the_plan_is_written_and_each_has_draws_of_its_own()
    {
        var results = SampleRun.Results(Plan, (arm, seed) => arm == "srl-rlvr" ? 0.5 + 0.1 * seed : 0.4);
        var verdict = Conclude(Plan, results);
        var rewritten = VerdictWriter.Conclude(Plan with { Name = "renamed", Limits = new() { ParallelArms = 2 } }, new string('f', 64), results);
        Assert.Equal(verdict.Comparisons.Select(comparison => comparison.Difference), rewritten.Comparisons.Select(comparison => comparison.Difference));
        Assert.Equal(verdict.Arms.Select(arm => arm.Benchmarks[0].Greedy), rewritten.Arms.Select(arm => arm.Benchmarks[0].Greedy));
        Assert.NotEqual(
            CrossedBootstrap.Stream(Plan, "arm/srl/clean").NextUInt64(), CrossedBootstrap.Stream(Plan, "arm/rlvr/clean").NextUInt64());
    }

    private static RunVerdict Conclude(RunPlan plan, IReadOnlyList<ArmSeedResult> results) => VerdictWriter.Conclude(plan, SampleRun.Hash, results);

    private static string Json(RunVerdict verdict) => JsonSerializer.Serialize(verdict, VerdictJson.Default.RunVerdict);

    [Fact]
    public void A_budget_in_seconds_is_marked_as_not_reproducible_and_what_each_arm_spent_of_it_is_shown()
    {
        var plan = SampleRun.Plan(1, 2, 3) with { Budget = new() { Unit = BudgetUnit.Seconds, Amount = 100 } };
        var results = SampleRun.Results(plan, (_, _) => 0.5)
            .ConvertAll(result => result with { Stages = [.. result.Stages.Select(stage => stage with { Spent = result.Arm == "rlvr" ? 40 : 100 / result.Stages.Count })] });
        var verdict = VerdictWriter.Conclude(plan, SampleRun.Hash, results);
        Assert.Equal(new BudgetVerdict(BudgetUnit.Seconds, 100, Reproducible: false), verdict.Budget);
        Assert.Contains(verdict.Caveats, caveat => caveat.StartsWith("Not reproducible: the budget counts seconds", StringComparison.Ordinal));
        Assert.Equal((40L, 0.4, true), Spent(verdict, "rlvr"));
        Assert.Equal((100L, 1.0, false), Spent(verdict, "srl-rlvr"));
        Assert.True(VerdictWriter.Conclude(SampleRun.Plan(1, 2, 3), SampleRun.Hash, SampleRun.Results(SampleRun.Plan(1, 2, 3), (_, _) => 0.5)).Budget.Reproducible);

        static (long, double, bool) Spent(RunVerdict verdict, string arm)
        {
            var seed = verdict.Arms.First(row => row.Arm == arm).Seeds[0];
            return (seed.Spent, seed.SpentShare!.Value, seed.Underspent);
        }
    }

    [Fact]
    public void Guards_that_fired_are_named_before_any_figure_is_quoted()
    {
        var plan = SampleRun.Plan(1, 2, 3);
        GuardAlarm alarm = new() { Guard = GuardKind.LengthCollapse, Action = GuardAction.Warn, Attempt = 0, Iteration = 5, Message = "short" };
        var results = SampleRun.Results(plan, (_, _) => 0.5).ConvertAll(result => result is { Arm: "rlvr", Seed: 2 }
            ? result with { Stages = [result.Stages[0] with { Alarms = [alarm] }] }
            : result);
        var verdict = VerdictWriter.Conclude(plan, SampleRun.Hash, results);
        Assert.Contains("Guards fired on rlvr in 1 of 3 seeds: length-collapse.", verdict.Caveats);
        Assert.Equal(alarm, Assert.Single(verdict.Arms.First(row => row.Arm == "rlvr").Seeds[1].Stages[0].Alarms));
    }
}
