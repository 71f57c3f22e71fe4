using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Evaluation;
using Curriculum.Evaluation.Traces;
using Curriculum.Findings;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Tests.Evaluation;

namespace Curriculum.Tests.Findings;

[Trait("Speed", "fast")]
public sealed class FindingsTests
{
    private static readonly RunPlan Plan = SampleRun.Plan(1, 2, 3);

    private static RunVerdict Verdict { get; } = VerdictWriter.Conclude(Plan, SampleRun.Hash, SampleRun.Results(Plan, (arm, _) => arm switch { "base" => 0, "rlvr" => 0.1, "srl" => 0.5, _ => 0.9 }));

    [Theory]
    [InlineData(ClaimSide.Above, 0, 0.1, 0.3, ClaimJudgement.Shown)]
    [InlineData(ClaimSide.Above, 0.1, 0.1, 0.3, ClaimJudgement.NotShown)]
    [InlineData(ClaimSide.Above, 0.2, 0.1, 0.3, ClaimJudgement.NotShown)]
    [InlineData(ClaimSide.Above, 0.4, 0.1, 0.3, ClaimJudgement.Opposite)]
    [InlineData(ClaimSide.Below, 0.4, 0.1, 0.3, ClaimJudgement.Shown)]
    [InlineData(ClaimSide.Below, 0, 0.1, 0.3, ClaimJudgement.Opposite)]
    [InlineData(ClaimSide.Within, 0.02, -0.01, 0.01, ClaimJudgement.Shown)]
    [InlineData(ClaimSide.Within, 0.02, -0.01, 0.03, ClaimJudgement.NotShown)]
    [InlineData(ClaimSide.Within, 0.02, -0.06, -0.03, ClaimJudgement.Opposite)]
    public void A_claim_is_judged_by_its_whole_interval(ClaimSide side, double bound, double low, double high, ClaimJudgement expected)
    {
        var figure = new ClaimFigure((low + high) / 2, new((low + high) / 2, low, high), FigureScale.Points);
        Assert.Equal(expected, ClaimJudgements.Of(Claim(ClaimMeasure.Accuracy) with { Expect = side, Bound = bound }, figure));
    }

    [Fact]
    public void What_no_run_measured_is_never_shown() =>
        Assert.Equal(ClaimJudgement.NotMeasured, ClaimJudgements.Of(Claim(ClaimMeasure.Coherence), ClaimFigure.Of(Claim(ClaimMeasure.Coherence), Verdict, Verdict)));

    [Fact]
    public void A_difference_that_the_run_compared_is_the_paired_one_whichever_way_it_is_asked()
    {
        var adjusted = Verdict.Comparisons.Single(comparison => comparison.Against == "srl").Adjusted!;
        var ahead = ClaimFigure.Of(Claim(ClaimMeasure.Accuracy) with { Arm = "srl-rlvr", Against = "srl" }, Verdict, Verdict)!;
        Assert.Equal(adjusted, ahead.Interval);

        // By hand: 36 of 40 right against 20 of 40.
        Assert.Equal(0.4, ahead.Value, 1e-12);
        var behind = ClaimFigure.Of(Claim(ClaimMeasure.Accuracy) with { Arm = "srl", Against = "srl-rlvr" }, Verdict, Verdict)!;
        Assert.Equal(new Estimate(-adjusted.Value, -adjusted.High, -adjusted.Low), behind.Interval);
    }

    [Fact]
    public void A_difference_that_was_not_compared_spans_both_intervals_and_says_so()
    {
        var srl = Sampled("srl");
        var rlvr = Sampled("rlvr");
        var figure = ClaimFigure.Of(Claim(ClaimMeasure.Accuracy) with { Arm = "srl", Against = "rlvr" }, Verdict, Verdict)!;
        Assert.Equal(new Estimate(srl.Value - rlvr.Value, srl.Low - rlvr.High, srl.High - rlvr.Low), figure.Interval);
        Assert.Equal("from two separate intervals", figure.Note);
        Assert.Equal(0.4, figure.Value, 1e-12);
    }

    [Fact]
    public void A_fall_counts_as_guarded_only_by_an_alarm_of_an_earlier_iteration()
    {
        var figure = ClaimFigure.Of(Claim(ClaimMeasure.GuardedFalls) with { Arm = "srl" }, Fallen([(3, 10), (10, 10), (-2, 7)]), Verdict)!;

        // Alarm at 3 before the fall at 10; one at the fall itself; none.
        Assert.Equal(1 / 3.0, figure.Value, 1e-12);
        Assert.Equal("1 of 3 falls", figure.Note);
        Assert.Null(ClaimFigure.Of(Claim(ClaimMeasure.GuardedFalls) with { Arm = "srl" }, Verdict, Verdict));
    }

    [Fact]
    public void Falls_are_counted_among_all_seeds()
    {
        var fallen = Fallen([(3, 10)]);
        var verdict = fallen with
        {
            Arms = [
            .. fallen.Arms.Select(arm => arm.Arm != "srl" ? arm : arm with { Seeds = [.. arm.Seeds, .. Verdict.Arms.Single(found => found.Arm == "srl").Seeds.Skip(1)] })]
        };
        var figure = ClaimFigure.Of(Claim(ClaimMeasure.ValidationFalls) with { Arm = "srl" }, verdict, verdict)!;
        Assert.Equal((1 / 3.0, "1 of 3 seeds"), (figure.Value, figure.Note));
        Assert.Equal("0 of 3 seeds", ClaimFigure.Of(Claim(ClaimMeasure.ValidationFalls) with { Arm = "srl" }, Verdict, Verdict)!.Note);
        Assert.Null(ClaimFigure.Of(Claim(ClaimMeasure.ValidationFalls) with { Arm = "nobody" }, Verdict, Verdict));
    }

    [Fact]
    public void A_clip_fraction_is_that_of_the_seed_in_which_the_least_was_clipped()
    {
        double?[] shares = [0.02, null, 0.003];
        var verdict = Verdict with
        {
            Arms = [.. Verdict.Arms.Select(
                arm => arm.Arm != "srl" ? arm : arm with { Seeds = [.. arm.Seeds.Zip(shares, (seed, share) => seed with { Stages = [seed.Stages[0] with { ClipFraction = share }] })] })],
        };
        var figure = ClaimFigure.Of(Claim(ClaimMeasure.ClipFraction) with { Arm = "srl" }, verdict, verdict)!;
        Assert.Equal((0.003, "the least of 2"), (figure.Value, figure.Note));
        Assert.Null(ClaimFigure.Of(Claim(ClaimMeasure.ClipFraction) with { Arm = "srl" }, Verdict, Verdict));
    }

    [Fact]
    public void The_page_says_plainly_what_is_not_shown_and_what_was_not_run()
    {
        var finding = new Finding
        {
            Title = "A curriculum wins",
            Published = "It does.",
            Settings = "By hand.",
            Plans = ["sample", "other"],
            Reading = "So it is.",
            Claims =
            [
                Claim(ClaimMeasure.Accuracy) with { Text = "It beats SRL", Arm = "srl-rlvr", Against = "srl", Needs = "nothing" },
                Claim(ClaimMeasure.Accuracy) with { Text = "SRL beats it", Arm = "srl", Against = "srl-rlvr", Needs = "another world" },
                Claim(ClaimMeasure.Validity) with { Text = "It is valid" },
            ],
        };
        var page = ResultsPage.Of([finding], new Dictionary<string, FindingRun> { ["sample"] = new(Plan, Verdict, new("f00d", 125, 2)) });
        Assert.Contains("| A curriculum wins | 1 of 3 | `sample` 2:05 on 2 cores, `other` not run |", page, StringComparison.Ordinal);
        Assert.Matches(@"\| It beats SRL \| it does \| above 0\.0 points \| \+40\.0 points \([^)]*\) \| shown \|  \|", page);
        Assert.Matches(@"\| SRL beats it \| it does \| above 0\.0 points \| -40\.0 points \([^)]*\) \| \*\*not shown: the opposite\*\* \| another world \|", page);
        Assert.Contains("| It is valid | it does | above 0 | - | **not measured** |  |", page, StringComparison.Ordinal);
        Assert.Contains("`other` has not been run", page, StringComparison.Ordinal);
        Assert.Contains("So it is.", page, StringComparison.Ordinal);
        Assert.DoesNotContain('\r', page);
    }

    [Fact]
    public void The_stored_results_generate_the_results_page_byte_for_byte_and_are_those_of_the_plans()
    {
        var root = Repository.Root;
        var folder = new FindingsFolder(Path.Combine(root, "samples", "findings"));
        Assert.Equal(7, folder.Findings.Count);
        Assert.All(folder.Findings.SelectMany(finding => finding.Plans), plan =>
        {
            var run = folder.Run(plan);
            Assert.True(run is not null, $"{plan} has no result of its present text: dotnet run local.cs -- findings {plan}");
            Assert.True(run.Plan.Seeds.Count >= 3);
            Assert.Empty(run.Verdict.FailedArms);
            Assert.Empty(TableCheck.Mismatches(run.Verdict));
            Assert.True(run.Timing is { Seconds: > 0 and < 900, Processors: <= 2 }, $"{plan} took {run.Timing.Seconds} s on {run.Timing.Processors} cores; expected under 900 s on two: make its budget smaller.");
        });
        Assert.All(folder.Findings.SelectMany(finding => finding.Claims), claim => Assert.Contains(folder.Findings, finding => finding.Plans.Contains(claim.Plan)));
        Assert.Equal(File.ReadAllText(Path.Combine(root, "docs", "RESULTS.md")), folder.Page());
    }

    [Theory]
    [InlineData("/arms/2/benchmarks/0/greedy/value", "the greedy accuracy of srl-rlvr on fresh")]
    [InlineData("/arms/1/seeds/2/benchmarks/0/sampled", "the sampled accuracy of srl on fresh")]
    [InlineData("/comparisons/0/difference/value", "the difference of srl-rlvr and base")]
    public void One_figure_of_a_stored_verdict_that_was_edited_is_flagged_on_the_page(string at, string what)
    {
        var folder = new FindingsFolder(Path.Combine(Repository.Root, "samples", "findings"));
        var run = folder.Run("5-coherence")!;
        var finding = folder.Findings.Single(found => found.Plans.Contains("5-coherence"));
        string Page(RunVerdict verdict) => ResultsPage.Of([finding], new Dictionary<string, FindingRun> { ["5-coherence"] = run with { Verdict = verdict } });
        Assert.DoesNotContain("not to be quoted", Page(run.Verdict), StringComparison.Ordinal);

        var text = JsonNode.Parse(File.ReadAllBytes(folder.VerdictPath("5-coherence")))!;
        var steps = at[1..].Split('/');
        JsonNode Next(JsonNode node, string step) => int.TryParse(step, out var index) ? node[index]! : node[step]!;
        var parent = steps.SkipLast(1).Aggregate(text, Next);
        parent[steps[^1]] = (double)parent[steps[^1]]! - 0.01;
        var page = Page(JsonSerializer.Deserialize(text.ToJsonString(), VerdictJson.Default.RunVerdict)!);
        Assert.Contains("not to be quoted", page, StringComparison.Ordinal);
        Assert.Contains($"- 5-coherence: {what} is shown as ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_pattern_of_a_base_and_an_arm_and_every_tag_of_a_step_is_on_the_page()
    {
        var folder = new FindingsFolder(Path.Combine(Repository.Root, "samples", "findings"));
        var run = folder.Run("5-coherence")!;
        var page = ResultsPage.Of([folder.Findings.Single(found => found.Plans.Contains("5-coherence"))], new Dictionary<string, FindingRun> { ["5-coherence"] = run });
        var traces = run.Verdict.Probes!.Traces.Single(found => found.Arm == "srl-rlvr");
        Assert.Equal(["00", "01", "10", "11"], traces.Patterns.Select(pattern => pattern.Pattern));
        Assert.All(traces.Patterns, pattern => Assert.Contains($"| {pattern.Pattern} | srl-rlvr | {pattern.Problems} | ", page, StringComparison.Ordinal));
        Assert.Contains("| Steps of | sound | format | false-premise | false-rule | calculator |", page, StringComparison.Ordinal);
        Assert.Contains($"| srl-rlvr | {string.Join(" | ", Enum.GetValues<StepTag>().Select(tag => traces.Tags[tag]))} |", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_result_of_an_earlier_text_of_the_plan_does_not_count()
    {
        var source = Path.Combine(Repository.Root, "samples", "findings");
        var copy = Directory.CreateTempSubdirectory();
        try
        {
            Directory.CreateDirectory(Path.Combine(copy.FullName, "expected"));
            var folder = new FindingsFolder(copy.FullName);
            File.Copy(Path.Combine(source, "6-contamination.json"), folder.PlanPath("6-contamination"));
            Assert.Null(folder.Run("6-contamination"));
            folder.Store("6-contamination", File.ReadAllBytes(new FindingsFolder(source).VerdictPath("6-contamination")), 61);
            Assert.Equal(61, folder.Run("6-contamination")!.Timing.Seconds);

            var text = File.ReadAllText(folder.PlanPath("6-contamination"));
            File.WriteAllText(folder.PlanPath("6-contamination"), text.Replace("\"amount\": 400000", "\"amount\": 400001", StringComparison.Ordinal));
            Assert.Null(folder.Run("6-contamination"));
        }
        finally
        {
            copy.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_verdict_without_samples_can_be_read_again()
    {
        var plan = Plan with { Evaluation = Plan.Evaluation with { Samples = 0, PrimaryMetric = Metric.Greedy } };
        var results = SampleRun.Results(plan, (_, _) => 0.5).ConvertAll(result => result with
        {
            Benchmarks = [.. result.Benchmarks.Select(
                benchmark => benchmark with { Answers = [.. benchmark.Answers.Select(answer => answer with { Samples = 0, SamplesCorrect = 0, SamplesStepsValid = 0 })] })],
        });
        var bytes = JsonSerializer.SerializeToUtf8Bytes(VerdictWriter.Conclude(plan, SampleRun.Hash, results), VerdictJson.Default.RunVerdict);
        Assert.Null(JsonSerializer.Deserialize(bytes, VerdictJson.Default.RunVerdict)!.Arms[0].Benchmarks[0].Recomputed.Sampled);
    }

    private static Claim Claim(ClaimMeasure measure) => new() { Text = "claim", Plan = "sample", Measure = measure, Expect = ClaimSide.Above, Bound = 0, Paper = "it does" };

    private static Estimate Sampled(string arm) => Verdict.Arms.Single(found => found.Arm == arm).Benchmarks[0].Sampled!;

    /// <summary>One seed for each pair of alarm (none where it is below -1) and fall.</summary>
    private static RunVerdict Fallen(IReadOnlyList<(int Alarm, int Fall)> seeds) => Verdict with
    {
        Arms = [.. Verdict.Arms.Select(arm => arm.Arm != "srl" ? arm : arm with
        {
            Seeds = [.. arm.Seeds.Zip(seeds, (seed, at) => seed with
            {
                Stages = [.. seed.Stages.Select(stage => stage with
                {
                    Fall = new(0, at.Fall, 0.5, new(1, 0.97, 1)),
                    Alarms = at.Alarm < -1 ? [] : [new() { Guard = GuardKind.LengthCollapse, Action = GuardAction.Warn, Attempt = 0, Iteration = at.Alarm, Message = "short" }],
                })],
            })],
        })],
    };
}
