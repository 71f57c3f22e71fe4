using Curriculum.Admission;
using Curriculum.Evaluation.Probes;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Curriculum.Evaluation;

/// <summary>What one arm did with one training seed: what <see cref="VerdictWriter"/> concludes from.</summary>
/// <remarks>An arm without stages is not trained: it has one result, whose seed is of no matter and which stands for every seed.</remarks>
public sealed record ArmSeedResult
{
    public required string Arm { get; init; }

    public required int Seed { get; init; }

    /// <summary>The stages that ended, in order; empty for an arm without stages.</summary>
    public required IReadOnlyList<StageSummary> Stages { get; init; }

    /// <summary>Compute units spent on training, dropped groups and refills included.</summary>
    public required long Compute { get; init; }

    /// <summary>Name of the checkpoint that was evaluated; null where none was.</summary>
    public string? ChosenCheckpoint { get; init; }

    /// <summary>Greedy accuracy of the chosen checkpoint on the validation set.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>The answers of the chosen checkpoint; empty where the arm failed before it could be evaluated.</summary>
    public required IReadOnlyList<BenchmarkAnswers> Benchmarks { get; init; }

    /// <summary>What the probes found of the chosen checkpoint; null where it was not probed.</summary>
    public PolicyProbe? Probe { get; init; }

    /// <summary>Why it could not be probed; null where it could, or should not be.</summary>
    public string? ProbeFailure { get; init; }

    /// <summary>Numerics fingerprints of all the work behind this result.</summary>
    public required IReadOnlyList<string> Fingerprints { get; init; }

    /// <summary>The learning curve, for the report alone.</summary>
    public required IReadOnlyList<CurvePoint> Curve { get; init; }
}

/// <summary>How one stage ended.</summary>
public sealed record StageSummary
{
    public required Method Method { get; init; }

    public required StageOutcome Outcome { get; init; }

    /// <summary>Why it ended so, in words.</summary>
    public string? Reason { get; init; }

    /// <summary>Optimiser updates over all attempts.</summary>
    public required int Updates { get; init; }

    /// <summary>Compute units over all attempts.</summary>
    public required long Compute { get; init; }

    /// <summary>Over all attempts, in the budget's unit.</summary>
    public long Spent { get; init; }

    /// <summary>Forward tokens over all attempts: rollouts of every round, second checks and pilots.</summary>
    public long ForwardTokens { get; init; }

    /// <summary>Trained tokens over all attempts, also of updates that were rolled back.</summary>
    public long TrainedTokens { get; init; }

    /// <summary>Tries at the stage: 1, and one more for each roll-back and each repeat.</summary>
    public int Attempts { get; init; } = 1;

    public int RollBacks { get; init; }

    /// <summary>Every firing of a guard, in order.</summary>
    public IReadOnlyList<GuardAlarm> Alarms { get; init; } = [];

    /// <summary>Where validation accuracy first fell below what it began with; null where it never did, or where the start was not validated.</summary>
    public ValidationFall? Fall { get; init; }

    /// <summary>What the stage's gate decided, once for each attempt that it was asked about.</summary>
    public IReadOnlyList<GateRecord> Gates { get; init; } = [];

    /// <summary>What the newest pilot found, and so what was deferred; null without a profile.</summary>
    public DifficultySummary? Difficulty { get; init; }

    /// <summary>Lone successes that a second check did not confirm.</summary>
    public int Quarantined { get; init; }

    /// <summary>Share of trained tokens whose ratio a bound held, mean over iterations; null where each batch is trained on in one step, whose ratio is 1, and for a likelihood.</summary>
    public double? ClipFraction { get; init; }
}

/// <summary>A gate's decision on one attempt.</summary>
public sealed record GateRecord(int Attempt, GateAction Action, string Reason);

/// <summary>The answers to one benchmark, in the order of its problems.</summary>
public sealed record BenchmarkAnswers
{
    /// <summary>The benchmark's name in the plan.</summary>
    public required string Name { get; init; }

    public required IReadOnlyList<ProblemAnswers> Answers { get; init; }
}
