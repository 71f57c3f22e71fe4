using System.Globalization;
using Curriculum.Evaluation.Traces;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Evaluation;

/// <summary>How figures and outcomes are written in sentences.</summary>
public static class Words
{
    /// <summary>A share as a percentage, <c>89.9 %</c>.</summary>
    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{Unsigned(100 * share)} %");

    /// <summary>A difference of shares in percentage points, <c>+3.1 points</c>.</summary>
    public static string Points(double difference) =>
        (100 * difference).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " points";

    /// <summary>The size of a difference of shares, <c>2.0 points</c>.</summary>
    public static string Size(double difference) => $"{Unsigned(100 * Math.Abs(difference))} points";

    /// <summary>A confidence with as many decimals as it needs, <c>95 %</c> or <c>98.33 %</c>.</summary>
    public static string Confidence(double confidence) => (100 * confidence).ToString("0.##", CultureInfo.InvariantCulture) + " %";

    /// <summary>An interval of shares, <c>88.1 to 91.5 %</c>.</summary>
    public static string PercentRange(Estimate estimate) =>
        string.Create(CultureInfo.InvariantCulture, $"{Unsigned(100 * estimate.Low)} to {Unsigned(100 * estimate.High)} %");

    /// <summary>An interval of differences, <c>+1.0 to +5.2 points</c>.</summary>
    public static string PointsRange(Estimate estimate) =>
        (100 * estimate.Low).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) + " to " + Points(estimate.High);

    /// <summary>The name that plans use.</summary>
    public static string Of(Method method) => method switch
    {
        Method.Sft => "SFT",
        Method.Srl => "SRL",
        Method.Rlvr => "RLVR",
        Method.ExpertIteration => "expert iteration",
        Method.BestOfN => "best-of-n fine-tuning",
        Method.ReturnConditioned => "return-conditioned RL",
        _ => throw new ArgumentOutOfRangeException(nameof(method), method, "Unknown method."),
    };

    /// <summary>The text of an outcome as results carry it.</summary>
    public static string Of(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Completed => "completed",
        StageOutcome.StoppedByGate => "stopped-by-gate",
        StageOutcome.StoppedByGuard => "stopped-by-guard",
        StageOutcome.StoppedByCap => "stopped-by-cap",
        StageOutcome.Canceled => "canceled",
        StageOutcome.Starved => "starved",
        StageOutcome.Failed => "failed",
        _ => throw new ArgumentOutOfRangeException(nameof(outcome), outcome, "Unknown outcome."),
    };

    /// <summary>The name of a guard as alarms carry it.</summary>
    public static string Of(GuardKind guard) => guard switch
    {
        GuardKind.LengthCollapse => "length-collapse",
        GuardKind.NgramRepetition => "ngram-repetition",
        GuardKind.BlockRepetition => "block-repetition",
        GuardKind.SkippedComputation => "skipped-computation",
        GuardKind.NonFinite => "non-finite",
        GuardKind.Regression => "regression",
        _ => throw new ArgumentOutOfRangeException(nameof(guard), guard, "Unknown guard."),
    };

    /// <summary>What an alarm leads to.</summary>
    public static string Of(GuardAction action) => action switch
    {
        GuardAction.Off => "off",
        GuardAction.Warn => "warn",
        GuardAction.Stop => "stop",
        GuardAction.RollBack => "roll-back",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    /// <summary>What follows a stage.</summary>
    public static string Of(GateAction action) => action switch
    {
        GateAction.Advance => "advance",
        GateAction.Repeat => "repeat",
        GateAction.Stop => "stop",
        _ => throw new ArgumentOutOfRangeException(nameof(action), action, "Unknown action."),
    };

    /// <summary>What is wrong with a step, as verdicts carry it.</summary>
    public static string Of(StepTag tag) => tag switch
    {
        StepTag.Sound => "sound",
        StepTag.Format => "format",
        StepTag.FalsePremise => "false-premise",
        StepTag.FalseRule => "false-rule",
        StepTag.Calculator => "calculator",
        _ => throw new ArgumentOutOfRangeException(nameof(tag), tag, "Unknown tag."),
    };

    /// <summary>What a budget counts, in words.</summary>
    public static string Of(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Compute => "compute units",
        BudgetUnit.Updates => "updates",
        BudgetUnit.Seconds => "worker seconds",
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Unknown unit of budget."),
    };

    /// <summary>What an interaction says, as a sentence.</summary>
    public static string Of(InteractionKind kind) => kind switch
    {
        InteractionKind.Enabling => "The first stage enables RLVR: together they gain more than the sum of what they gain apart.",
        InteractionKind.Interfering => "RLVR gains less after the first stage than alone.",
        _ => "Undecided: the interval includes zero, or there are too few seeds.",
    };

    /// <summary>A list in words: <c>a</c>, <c>a and b</c>, <c>a, b and c</c>.</summary>
    public static string Join(IReadOnlyList<string> items) => items switch
    {
        [] => "",
        [var only] => only,
        [.., var last] => $"{string.Join(", ", items.SkipLast(1))} and {last}",
    };

    private static string Unsigned(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
