using Curriculum.Admission;
using Curriculum.Evaluation;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Submission;
using Curriculum.Work;
using Orchestrations.Reports;

namespace Orchestrations.Tests.Reports;

/// <summary>A report of a run with four trained arms, one starved seed and one failed one; every figure is made up.</summary>
internal static class SampleReport
{
    public static RunReport Create(string armName = "srl-rlvr", string reason = "no group was admitted in 8 refill rounds")
    {
        var plan = Plan(armName);
        var results = plan.Arms.SelectMany(arm => (arm.Stages.Count == 0 ? [0] : plan.Seeds).Select(seed => Result(plan, arm, seed, reason))).ToList();
        return new()
        {
            RunId = "two-dials-small-7f3a",
            Plan = plan,
            Verdict = VerdictWriter.Conclude(plan, PlanHash.Of(plan), results),
            Curves = [.. results.Where(result => result.Curve.Count > 0).Select(result => new ArmCurve(result.Arm, result.Seed, result.Curve))],
            Timings = [.. results.Select(result => new ArmTiming
            {
                Arm = result.Arm,
                Seed = result.Seed,
                Work = [new(WorkKind.Rollout, 220, 41.2, 1_300_000), new(WorkKind.Update, 110, 22.8, 900_000), new(WorkKind.Evaluate, 4, 3.1, 0)],
            })],
            WallClockSeconds = 412,
            ConcludedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero),
        };
    }

    private static RunPlan Plan(string armName) => new()
    {
        Name = "two-dials-small",
        Base = new() { Pretrain = new() },
        Training = new() { Family = "two-dials", Count = 512, Seed = 11, Difficulty = [8], Demonstrations = 12 },
        Budget = new() { Amount = 2_200_000 },
        Seeds = [1, 2, 3],
        Arms =
        [
            new() { Name = "base" },
            new() { Name = "sft", Stages = [new SftPlan()] },
            new() { Name = "srl", Stages = [new SrlPlan()] },
            new() { Name = "rlvr", Stages = [new RlvrPlan()] },
            new() { Name = armName, Stages = [new SrlPlan { Share = 0.3 }, new RlvrPlan { Share = 0.7 }] },
        ],
        Evaluation = new()
        {
            Validation = new() { Family = "two-dials", Count = 128, Seed = 12, Difficulty = [8] },
            Benchmarks =
            [
                new() { Name = "clean", Family = "two-dials", Count = 256, Seed = 13, Difficulty = [8] },
                new() { Name = "easy", Family = "two-dials", Count = 64, Seed = 14, Difficulty = [4, 5] },
            ],
            Curriculum = armName,
            BootstrapDraws = 1_000,
        },
    };

    private static GuardAlarm Alarm => new()
    {
        Guard = GuardKind.SkippedComputation,
        Action = GuardAction.RollBack,
        Attempt = 1,
        Iteration = 3,
        Value = 0.7,
        Limit = 0.25,
        Message = "The skipped share is 0.7 & the most allowed is 0.25.",
    };

    private static DifficultySummary Difficulty => new()
    {
        Pilots = 3,
        PilotTokens = 288_000,
        Aim = 0,
        Band = 0,
        TooEasy = 4,
        TooHard = 17,
        Unknown = 480,
        AuditFailed = 1,
        NotPiloted = 10,
        Findings = ["two-dials/8/11/3: the label is wrong."],
    };

    private static ArmSeedResult Result(RunPlan plan, ArmPlan arm, int seed, string reason)
    {
        var level = arm.Name switch { "base" => 0.01, "sft" => 0.34 + 0.03 * seed, "srl" => 0.8 + 0.01 * seed, "rlvr" => seed == 2 ? 0.65 : 0.03 * seed, _ => 0.88 + 0.012 * seed };
        var starved = arm.Name == "rlvr" && seed == 1;
        var failed = arm.Name == "sft" && seed == 3;
        var compute = starved ? 600_000 : 2_200_000;
        return new()
        {
            Arm = arm.Name,
            Seed = seed,
            Stages = [.. arm.Stages.Select(stage => new StageSummary
            {
                Method = stage.Method,
                Outcome = starved ? StageOutcome.Starved : failed ? StageOutcome.Failed : StageOutcome.Completed,
                Reason = starved ? reason : failed ? "non-finite loss at update 31" : "the budget was spent",
                Updates = 110,
                Compute = (long)(compute * stage.Share),
                ForwardTokens = 400_000,
                TrainedTokens = 600_000,
                Gates = [new(0, GateAction.Advance, "The stage passed its gate.")],
                Alarms = starved ? [Alarm] : [],
                Attempts = starved ? 2 : 1,
                Fall = starved ? new(1, 9, 0.5, new(1, 0.97, 1)) : null,
                Difficulty = arm.Name == "rlvr" ? Difficulty : null,
                Quarantined = starved ? 7 : 0,
            })],
            Compute = arm.Stages.Count == 0 ? 0 : compute,
            ChosenCheckpoint = arm.Stages.Count == 0 || failed ? null : $"checkpoints/{arm.Name}/{seed}/{arm.Stages.Count - 1}/0/100",
            ValidationAccuracy = arm.Stages.Count == 0 || failed ? null : level,
            Benchmarks = failed ? [] : [.. plan.Evaluation.Benchmarks.Select(benchmark => new BenchmarkAnswers { Name = benchmark.Name, Answers = Answers(benchmark, level, seed) })],
            Fingerprints = ["cpu/avx512/libtorch-2.10.0/float32/1-thread"],
            Curve = arm.Stages.Count == 0 ? [] : Curve(arm, seed, level, compute),
        };
    }

    private static List<ProblemAnswers> Answers(BenchmarkPlan benchmark, double level, int seed) => [.. Enumerable.Range(0, benchmark.Count).Select(i =>
    {
        var luck = (i * 37 + seed * 11) % 100 / 100.0;
        var right = luck < level ? 4 : luck < level + 0.05 ? 2 : 0;
        return new ProblemAnswers
        {
            ProblemId = $"{benchmark.Name}/{i}", GreedyCorrect = right > 1, GreedyStepsValid = right > 2, GreedyText = "#42$",
            Samples = 4, SamplesCorrect = right, SamplesStepsValid = Math.Max(0, right - 1), MeanTokens = 61.5,
        };
    })];

    private static List<CurvePoint> Curve(ArmPlan arm, int seed, double level, long compute) => [.. Enumerable.Range(1, 110).Select(i =>
    {
        var progress = i / 110.0;
        var stage = arm.Stages.Count == 2 && progress > 0.3 ? 1 : 0;
        var wobble = 0.03 * Math.Sin(i * 1.7 + seed);
        var learned = level * (1 - Math.Exp(-4 * progress));
        var sft = arm.Stages[stage] is SftPlan;
        return new CurvePoint
        {
            Stage = stage, Update = i, Iteration = i, Compute = (long)(compute * progress),
            MeanReward = sft ? null : Math.Clamp(learned + wobble, 0, 1),
            UsefulGroups = sft ? null : Math.Clamp(0.2 + learned * (1.1 - learned) * 2 + wobble, 0, 1),
            Loss = 0.1 - wobble, Entropy = 0.6 * (1 - 0.7 * progress) + wobble / 3, GradientNorm = 0.5, MeanTokens = sft ? null : 58 + 4 * learned + 20 * wobble,
            ValidationGreedy = i % 10 == 0 ? Math.Clamp(learned + wobble, 0, 1) : null, Seconds = 0.6,
        };
    })];
}
