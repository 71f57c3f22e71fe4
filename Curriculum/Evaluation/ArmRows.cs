using Curriculum.Plans;

namespace Curriculum.Evaluation;

/// <summary>Builds the verdict's table: every arm, every seed, every benchmark.</summary>
internal static class ArmRows
{
    private const double SpentEnough = 0.95;

    public static ArmVerdict Of(RunPlan plan, ResultTable table, ArmPlan arm)
    {
        var seeds = table.Seeds(arm);
        var usable = seeds.Select(seed => table.Usable(arm, seed)).OfType<ArmSeedResult>().ToList();
        return new()
        {
            Arm = arm.Name,
            Methods = [.. arm.Stages.Select(stage => stage.Method)],
            Spurious = SpuriousRewards.Has(arm),
            Seeds = [.. seeds.Select(seed => Seed(plan, table, arm, seed))],
            Benchmarks = usable.Count == 0 ? [] : [.. plan.Evaluation.Benchmarks.Select(benchmark => Benchmark(plan, arm, benchmark, usable))],
        };
    }

    private static SeedVerdict Seed(RunPlan plan, ResultTable table, ArmPlan arm, int seed)
    {
        var result = table.Find(arm, seed);
        var updates = result?.Stages.Sum(stage => stage.Updates) ?? 0;
        var spent = plan.Budget.Unit switch
        {
            BudgetUnit.Compute => result?.Compute ?? 0,
            BudgetUnit.Updates => updates,
            _ => result?.Stages.Sum(stage => stage.Spent) ?? 0,
        };
        double? share = arm.Stages.Count == 0 ? null : spent / (plan.Budget.Amount * arm.Share);
        return new()
        {
            Seed = seed,
            Stages = result?.Stages ?? [],
            Updates = updates,
            Compute = result?.Compute ?? 0,
            Spent = spent,
            SpentShare = share,
            Underspent = share < SpentEnough,
            ChosenCheckpoint = result?.ChosenCheckpoint,
            ValidationAccuracy = result?.ValidationAccuracy,
            Benchmarks = [.. (result?.Benchmarks ?? []).Select(answers => SeedBenchmark(plan.Evaluation, answers))],
            Failure = table.Failure(arm, seed),
        };
    }

    private static SeedBenchmark SeedBenchmark(EvaluationPlan evaluation, BenchmarkAnswers answers)
    {
        var sampled = evaluation.Samples > 0;
        return new()
        {
            Name = answers.Name,
            Problems = answers.Answers.Count,
            Greedy = Wilson.Interval(answers.Answers.Count(answer => answer.GreedyCorrect), answers.Answers.Count, evaluation.Confidence),
            GreedyStepsValid = Scores.GreedyStepsValid(answers).Average(),
            Sampled = sampled ? Scores.Sampled(answers).Average() : null,
            SampledStepsValid = sampled ? Scores.SampledStepsValid(answers).Average() : null,
            PassAtK = sampled
                ? answers.Answers.Average(answer => PassAtK.Unbiased(answer.Samples, answer.SamplesCorrect, Math.Min(evaluation.Samples, answer.Samples)))
                : null,
            MeanTokens = answers.Answers.Average(answer => answer.MeanTokens),
        };
    }

    private static ArmBenchmark Benchmark(
        RunPlan plan, ArmPlan arm, BenchmarkPlan benchmark, List<ArmSeedResult> usable)
    {
        var sampled = plan.Evaluation.Samples > 0;
        var answers = usable.Select(result => result.On(benchmark.Name)).ToList();
        double[][] Rows(Func<BenchmarkAnswers, double[]> scores) => [.. answers.Select(scores)];

        List<double[][]> measures = [Rows(Scores.Greedy), Rows(Scores.GreedyStepsValid)];
        if (sampled)
            measures.AddRange([Rows(Scores.Sampled), Rows(Scores.SampledStepsValid)]);

        var random = CrossedBootstrap.Stream(plan, $"arm/{arm.Name}/{benchmark.Name}");
        var estimates = CrossedBootstrap.Draw(measures, plan.Evaluation.BootstrapDraws, random.NextInt)
            .Select(distribution => distribution.Interval(plan.Evaluation.Confidence)).ToList();
        return new()
        {
            Name = benchmark.Name,
            Seeds = usable.Count,
            Greedy = estimates[0],
            GreedyStepsValid = estimates[1],
            Sampled = sampled ? estimates[2] : null,
            SampledStepsValid = sampled ? estimates[3] : null,
            Recomputed = RecomputedMeans.Of([.. answers.Select(answer => SeedBenchmark(plan.Evaluation, answer))], estimates[0].Value, sampled ? estimates[2].Value : null),
        };
    }
}
