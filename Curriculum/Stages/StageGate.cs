using System.Globalization;
using System.Text.Json.Serialization;
using Curriculum.Plans;
using Curriculum.Statistics;

namespace Curriculum.Stages;

/// <summary>The gate after a stage: a pure function of its result and the promotion rule.</summary>
/// <remarks>
/// A stage that failed, or that a guard, a cap or a person stopped, always stops the arm: more of it is not what is missing. A stage that completed or
/// starved is held against the thresholds; it is repeated while attempts are left, and stops the arm when they are not.
/// A threshold that was asked for and cannot be measured is not passed. Neither the share of useful groups nor the form of completions can be asked of a stage that samples none.
/// </remarks>
public static class StageGate
{
    /// <summary>Advance, repeat or stop.</summary>
    /// <param name="result">Of the stage just ended.</param>
    /// <param name="plan">The stage's gate.</param>
    /// <param name="repeats">How often it was repeated so far.</param>
    public static GateDecision Decide(StageResult result, GatePlan plan, int repeats)
    {
        if (result.Outcome is StageOutcome.Failed or StageOutcome.StoppedByGuard or StageOutcome.StoppedByCap or StageOutcome.Canceled)
            return new(GateAction.Stop, $"The stage ended as {Text(result.Outcome)}: {result.Reason}");
        var missed = Missed(result, plan).ToList();
        if (missed.Count == 0)
            return new(GateAction.Advance, $"The stage ended as {Text(result.Outcome)} and passed its gate.");
        var reason = string.Join(" ", missed);
        return repeats < plan.Repeats
            ? new(GateAction.Repeat, string.Create(CultureInfo.InvariantCulture, $"{reason} Repeat {repeats + 1} of {plan.Repeats}."))
            : new(GateAction.Stop, string.Create(CultureInfo.InvariantCulture, $"{reason} All {plan.Repeats} repeats are used."));
    }

    private static IEnumerable<string> Missed(StageResult result, GatePlan plan)
    {
        if (Below("a validation accuracy", plan.MinimumAccuracy, result.ValidationAccuracy) is { } accuracy)
            yield return accuracy;
        if (Below(string.Create(CultureInfo.InvariantCulture, $"a pass@{plan.PassK} on validation"), plan.MinimumPassAtK, result.PassAtK) is { } pass)
            yield return pass;
        if (Below("a share of well-formed completions", plan.MinimumFormatRate, result.FormatRate) is { } format)
            yield return format;
        var share = result.GroupsSampled == 0 ? 0 : (double)result.GroupsAdmitted / result.GroupsSampled;
        if (plan.MinimumUsefulGroups is { } useful && !Rounding.Reaches(share, useful))
        {
            yield return string.Create(
                CultureInfo.InvariantCulture, $"The gate asks for a share of {useful} useful groups; it is {share:0.####} ({result.GroupsAdmitted} of {result.GroupsSampled}).");
        }
    }

    private static string? Below(string what, double? least, double? measured) => least is not { } asked || (measured is { } found && Rounding.Reaches(found, asked)) ? null
        : measured is null ? string.Create(CultureInfo.InvariantCulture, $"The gate asks for {what} of {asked}; none was measured.")
        : string.Create(CultureInfo.InvariantCulture, $"The gate asks for {what} of {asked}; it is {measured:0.####}.");

    private static string Text(StageOutcome outcome) => outcome switch
    {
        StageOutcome.Completed => "completed",
        StageOutcome.StoppedByGate => "stopped-by-gate",
        StageOutcome.StoppedByGuard => "stopped-by-guard",
        StageOutcome.StoppedByCap => "stopped-by-cap",
        StageOutcome.Canceled => "canceled",
        StageOutcome.Starved => "starved",
        _ => "failed",
    };
}

/// <summary>What a gate decided and why.</summary>
public sealed record GateDecision(GateAction Action, string Reason);

/// <summary>What follows a stage.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GateAction>))]
public enum GateAction
{
    /// <summary>The next stage starts, or the arm is done.</summary>
    [JsonStringEnumMemberName("advance")]
    Advance,

    /// <summary>The stage is tried again as its next attempt.</summary>
    [JsonStringEnumMemberName("repeat")]
    Repeat,

    /// <summary>The arm ends here and is evaluated at its last state.</summary>
    [JsonStringEnumMemberName("stop")]
    Stop,
}
