using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Curriculum.Tests.Evaluation;

/// <summary>A plan of four arms and results with any accuracy wished for.</summary>
internal static class SampleRun
{
    public const string Hash = "f00d";
    public const int Problems = 40;

    public static RunPlan Plan(params int[] seeds) => new()
    {
        Name = "sample",
        Base = new() { Pretrain = new() },
        Training = new() { Family = "two-dials", Count = 64, Seed = 1, Difficulty = [8], Demonstrations = 8 },
        Budget = new() { Amount = 1_000 },
        Seeds = seeds,
        Arms = [Arm("base"), Arm("srl", new SrlPlan()), Arm("rlvr", new RlvrPlan()), Arm("srl-rlvr", new SrlPlan(), new RlvrPlan())],
        Evaluation = new()
        {
            Validation = new() { Family = "two-dials", Count = 32, Seed = 2, Difficulty = [8] },
            Benchmarks = [new() { Name = "clean", Family = "two-dials", Count = Problems, Seed = 3, Difficulty = [8] }],
            Curriculum = "srl-rlvr",
            Samples = 4,
            BootstrapDraws = 2_000,
        },
    };

    /// <summary>Every arm of the plan; the share of right answers is asked for by arm and seed.</summary>
    public static List<ArmSeedResult> Results(RunPlan plan, Func<string, int, double> accuracy) =>
        [.. plan.Arms.SelectMany(arm => (arm.Stages.Count == 0 ? [0] : plan.Seeds).Select(seed => Result(plan, arm, seed, accuracy(arm.Name, seed))))];

    public static ArmSeedResult Result(RunPlan plan, ArmPlan arm, int seed, double accuracy) => new()
    {
        Arm = arm.Name,
        Seed = seed,
        Stages = [.. arm.Stages.Select(stage => new StageSummary { Method = stage.Method, Outcome = StageOutcome.Completed, Updates = 10, Compute = 1_000 / arm.Stages.Count })],
        Compute = arm.Stages.Count == 0 ? 0 : 1_000,
        ChosenCheckpoint = $"runs/sample/checkpoints/{arm.Name}/{seed}/0/0/10",
        ValidationAccuracy = accuracy,
        Benchmarks = [.. plan.Evaluation.Benchmarks.Select(benchmark => new BenchmarkAnswers { Name = benchmark.Name, Answers = Answers(benchmark.Count, accuracy) })],
        Fingerprints = ["cpu/avx2/libtorch-2.10/f32/1"],
        Curve = [],
    };

    /// <summary>The first share of the problems right throughout, the others wrong throughout.</summary>
    public static IReadOnlyList<ProblemAnswers> Answers(int count, double accuracy) =>
        [.. Enumerable.Range(0, count).Select(i => Answer($"p{i}", i < Math.Round(accuracy * count) ? 4 : 0))];

    public static ProblemAnswers Answer(string id, int samplesCorrect) => new()
    {
        ProblemId = id,
        GreedyCorrect = samplesCorrect > 2,
        GreedyStepsValid = samplesCorrect > 3,
        GreedyText = "#00$",
        Samples = 4,
        SamplesCorrect = samplesCorrect,
        SamplesStepsValid = samplesCorrect,
        MeanTokens = 40,
    };

    private static ArmPlan Arm(string name, params StagePlan[] stages) => new()
    {
        Name = name,
        Stages = [.. stages.Select(stage => stage with { Share = 1.0 / stages.Length })],
    };
}
