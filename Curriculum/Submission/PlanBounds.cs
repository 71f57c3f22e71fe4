using System.Collections.Frozen;
using System.Text.Json.Nodes;
using Curriculum.Plans;

namespace Curriculum.Submission;

/// <summary>Constraints that the types of the plan records do not express: ranges, lengths and the form of names, as schema keywords.</summary>
internal static class PlanBounds
{
    private const int MaxSeed = 999_999_999;
    private const int Million = 1_000_000;

    private static readonly FrozenDictionary<(Type, string), JsonObject> ByProperty = new Dictionary<(Type, string), JsonObject>
    {
        [(typeof(RunPlan), "name")] = Label(40),
        [(typeof(RunPlan), "seeds")] = List(1, 100, unique: true, Range(0, MaxSeed)),
        [(typeof(RunPlan), "arms")] = List(1, 50),

        [(typeof(BasePlan), "model")] = Text(
            "^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$", 100, "the name of a model folder: letters and digits, joined by single dots, hyphens or underscores"),
        [(typeof(BasePlan), "family")] = Text(
            "^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$", 100, "the name of a model family: letters and digits, joined by single dots, hyphens or underscores"),
        [(typeof(BasePlan), "cutoff")] = Day(),
        [(typeof(ChatPlan), "system")] = Text(@"^[^\x03]*$", 10_000, "text without U+0003, which stands for the end of a turn"),
        [(typeof(PretrainPlan), "updates")] = Range(1, Million),
        [(typeof(PretrainPlan), "rows")] = Range(1, 4096),
        [(typeof(PretrainPlan), "seed")] = Range(0, MaxSeed),
        [(typeof(PretrainPlan), "drift")] = Range(0, 1),
        [(typeof(PretrainPlan), "rewritten")] = Range(0, 1),

        [(typeof(ProblemSetPlan), "count")] = Range(1, Million),
        [(typeof(ProblemSetPlan), "seed")] = Range(0, MaxSeed),
        [(typeof(ProblemSetPlan), "difficulty")] = List(0, 64, unique: false, Range(1, 1000)),
        [(typeof(ProblemSetPlan), "dataset")] = Text(
            "^[A-Za-z0-9]+([._/-][A-Za-z0-9]+)*$", 200, "the name of a blob: letters and digits, joined by single dots, hyphens, underscores or slashes"),
        [(typeof(ProblemSetPlan), "verifier")] = Label(40),
        [(typeof(TrainingPoolPlan), "demonstrations")] = Range(0, Million),

        [(typeof(BudgetPlan), "amount")] = Range(1, 1_000_000_000_000_000),
        [(typeof(BudgetPlan), "maximumCost")] = Above(0, 1_000_000_000),

        [(typeof(ArmPlan), "name")] = Label(30),
        [(typeof(ArmPlan), "stages")] = List(0, 20),
        [(typeof(ArmPlan), "share")] = Above(0, 1),

        [(typeof(StagePlan), "share")] = Above(0, 1),
        [(typeof(StagePlan), "problemsPerIteration")] = Range(1, 100_000),
        [(typeof(SampledStagePlan), "groupSize")] = Range(1, 1024),
        [(typeof(SampledStagePlan), "temperature")] = Above(0, 2),
        [(typeof(StagePlan), "maxNewTokens")] = Range(1, 32_768),
        [(typeof(SampledStagePlan), "rolloutItems")] = Range(0, 1024),
        [(typeof(StagePlan), "checkpointEvery")] = Range(1, Million),
        [(typeof(SftPlan), "updatesPerItem")] = Range(0, 1000),
        [(typeof(MonologuePlan), "maxTokens")] = Range(1, 32_768),
        [(typeof(RewardPlan), "longestTarget")] = Range(1, 32_768),
        [(typeof(RewardPlan), "gamma")] = Range(0, 1),
        [(typeof(RewardPlan), "votes")] = Range(1, 1024),
        [(typeof(SuccessPlan), "success")] = Range(-1, 1),
        [(typeof(ConditioningPlan), "maximumFailures")] = Range(0, 1024),
        [(typeof(BestOfNPlan), "best")] = Range(1, 64),
        [(typeof(ExpertPlan), "passes")] = Range(1, 100),
        [(typeof(ExpertPlan), "rows")] = Range(1, 100_000),
        [(typeof(RewardPlan), "overlongBuffer")] = Above(0, 1),
        [(typeof(AdvantagePlan), "delta")] = Range(0, 1),
        [(typeof(AdvantagePlan), "gamma")] = Range(0, 1),
        [(typeof(AdvantagePlan), "lambda")] = Range(0, 1),
        [(typeof(AdmissionPlan), "minimumStd")] = Range(0, 1000),
        [(typeof(AdmissionPlan), "targetGroups")] = Range(1, Million),
        [(typeof(AdmissionPlan), "refillRounds")] = Range(0, 1000),
        [(typeof(LossPlan), "clipLow")] = Above(0, 1),
        [(typeof(LossPlan), "clipHigh")] = Above(0, 1000),
        [(typeof(LossPlan), "dualClip")] = Above(1, 1000),
        [(typeof(LossPlan), "klWeight")] = Range(0, 1000),
        [(typeof(LossPlan), "valueWeight")] = Range(0, 1000),
        [(typeof(LossPlan), "epochs")] = Range(1, 100),
        [(typeof(LossPlan), "minibatches")] = Range(1, 1000),
        [(typeof(OptimizerPlan), "learningRate")] = Above(0, 10),
        [(typeof(OptimizerPlan), "valueLearningRate")] = Above(0, 10),
        [(typeof(OptimizerPlan), "matrixLearningRate")] = Above(0, 10),
        [(typeof(OptimizerPlan), "gradientClip")] = Above(0, Million),
        [(typeof(OptimizerPlan), "floor")] = Range(0, 1),
        [(typeof(MemoryPlan), "microBatchTokens")] = Range(1, 16_777_216),
        [(typeof(AdapterPlan), "rank")] = Range(1, 1024),
        [(typeof(AdapterPlan), "alpha")] = Above(0, 65_536),
        [(typeof(AdapterPlan), "targets")] = List(1, 7, unique: true),
        [(typeof(GatePlan), "minimumAccuracy")] = Range(0, 1),
        [(typeof(GatePlan), "minimumUsefulGroups")] = Range(0, 1),
        [(typeof(LoneSuccessPlan), "maximumAdvantage")] = Above(0, 1000),
        [(typeof(LoneSuccessPlan), "samples")] = Range(1, 1024),
        [(typeof(ProfilePlan), "rollouts")] = Range(2, 64),
        [(typeof(ProfilePlan), "low")] = Range(0, 1),
        [(typeof(ProfilePlan), "high")] = Range(0, 1),
        [(typeof(ProfilePlan), "aimLow")] = Range(0, 1),
        [(typeof(ProfilePlan), "aimHigh")] = Range(0, 1),
        [(typeof(ProfilePlan), "problems")] = Range(1, Million),
        [(typeof(ProfilePlan), "againEvery")] = Range(0, Million),
        [(typeof(ProfilePlan), "againProblems")] = Range(1, Million),
        [(typeof(ProfilePlan), "problemsPerItem")] = Range(1, 100_000),
        [(typeof(GuardsPlan), "window")] = Range(1, 50),
        [(typeof(GuardsPlan), "rollbacks")] = Range(0, 20),
        [(typeof(LengthCollapseGuard), "minimumShare")] = Range(0, 1),
        [(typeof(NgramRepetitionGuard), "maximumRise")] = Range(0, 1),
        [(typeof(BlockRepetitionGuard), "maximumShare")] = Range(0, 1),
        [(typeof(SkippedComputationGuard), "maximumRise")] = Range(0, 1),
        [(typeof(SkippedComputationGuard), "maximumBareRise")] = Range(0, 1),
        [(typeof(SkippedComputationGuard), "maximumRewarded")] = Range(0, 1),
        [(typeof(RegressionGuard), "maximumShare")] = Range(0, 1),
        [(typeof(RegressionGuard), "minimumSolved")] = Range(1, Million),
        [(typeof(GatePlan), "minimumFormatRate")] = Range(0, 1),
        [(typeof(GatePlan), "minimumPassAtK")] = Range(0, 1),
        [(typeof(GatePlan), "passK")] = Range(1, 1024),
        [(typeof(GatePlan), "repeats")] = Range(0, 100),

        [(typeof(EvaluationPlan), "benchmarks")] = List(1, 20),
        [(typeof(EvaluationPlan), "samples")] = Range(0, 1024),
        [(typeof(EvaluationPlan), "maxNewTokens")] = Range(1, 32_768),
        [(typeof(EvaluationPlan), "against")] = List(1, 50, unique: true),
        [(typeof(EvaluationPlan), "smallestInterestingDifference")] = Range(0, 1),
        [(typeof(EvaluationPlan), "confidence")] = Above(0, 0.9999),
        [(typeof(EvaluationPlan), "bootstrapDraws")] = Range(100, Million),
        [(typeof(EvaluationPlan), "problemsPerItem")] = Range(1, 100_000),
        [(typeof(BenchmarkPlan), "name")] = Label(40),
        [(typeof(BenchmarkPlan), "released")] = Day(),

        [(typeof(AuditPlan), "problems")] = Range(1, 100_000),
        [(typeof(AuditPlan), "cuts")] = List(1, 9, unique: true, Range(0.05, 0.95)),
        [(typeof(AuditPlan), "decidingCut")] = Range(0.05, 0.95),
        [(typeof(AuditPlan), "samples")] = Range(0, 1024),
        [(typeof(AuditPlan), "recitedAbove")] = Range(0, 1),
        [(typeof(AuditPlan), "clearedBelow")] = Range(0, 1),
        [(typeof(ProbePlan), "problems")] = Range(1, 100_000),
        [(typeof(ProbePlan), "samples")] = Range(0, 1024),
        [(typeof(ProbePlan), "passAtK")] = Range(0, 4096),
        [(typeof(ProbePlan), "enablingProblems")] = Range(0, 100_000),
        [(typeof(ProbePlan), "enablingGroupSize")] = Range(2, 1024),
        [(typeof(InteractionPlan), "base")] = Label(30),
        [(typeof(InteractionPlan), "imitation")] = Label(30),
        [(typeof(InteractionPlan), "outcome")] = Label(30),
        [(typeof(InteractionPlan), "both")] = Label(30),

        [(typeof(LimitsPlan), "parallelArms")] = Range(1, 256),
        [(typeof(LimitsPlan), "stalledSeconds")] = Range(1, 86_400),
        [(typeof(LimitsPlan), "redispatches")] = Range(0, 100),
        [(typeof(LimitsPlan), "lostMessageSeconds")] = Range(1, 604_800),
        [(typeof(LimitsPlan), "iterationCap")] = Range(1, Million),
        [(typeof(LimitsPlan), "workerSecondsCap")] = Range(1, 1_000_000_000),
        [(typeof(LimitsPlan), "tokenCap")] = Range(1, 1_000_000_000_000),
        [(typeof(LimitsPlan), "wallClockSecondsCap")] = Range(1, 31_536_000),
        [(typeof(LimitsPlan), "keepCheckpoints")] = Range(1, 10_000),
    }.ToFrozenDictionary();

    /// <summary>The keywords for a record's property, by its JSON name; null if its type says it all.</summary>
    public static JsonObject? Of(Type record, string property) => ByProperty.GetValueOrDefault((record, property));

    /// <summary>How many bounds there are, for the test that each one reaches the schema.</summary>
    internal static IEnumerable<(Type Record, string Property)> All => ByProperty.Keys;

    private static JsonObject Range(double least, double most) => new() { ["minimum"] = Number(least), ["maximum"] = Number(most) };

    private static JsonObject Above(double excluded, double most) => new() { ["exclusiveMinimum"] = Number(excluded), ["maximum"] = Number(most) };

    private static JsonValue Number(double value) => double.IsInteger(value) ? JsonValue.Create((long)value) : JsonValue.Create(value);

    private static JsonObject Label(int longest) =>
        Text("^[a-z0-9][a-z0-9-]*$", longest, "lower-case letters, digits and hyphens, a letter or digit first");

    private static JsonObject Day() => Text("^[0-9]{4}-[0-9]{2}-[0-9]{2}$", 10, "a day as yyyy-MM-dd");

    // $comment carries the words that a violation uses: a pattern alone is no help to a reader.
    private static JsonObject Text(string pattern, int longest, string words) =>
        new() { ["pattern"] = pattern, ["maxLength"] = longest, ["$comment"] = words };

    private static JsonObject List(int least, int most, bool unique = false, JsonObject? items = null)
    {
        var list = new JsonObject { ["minItems"] = least, ["maxItems"] = most };
        if (unique)
            list["uniqueItems"] = true;
        if (items is not null)
            list["items"] = items;
        return list;
    }
}
