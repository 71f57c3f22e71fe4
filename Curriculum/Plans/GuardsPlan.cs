using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>What is monitored while a stage trains, and what an alarm does.</summary>
/// <remarks>
/// Each guard fires at most once an attempt. The text guards judge means over <see cref="Window"/> iterations of rollouts, and the greedy
/// texts of each validation against those of the stage's start; how each guard judges is said on its record.
/// </remarks>
public sealed record GuardsPlan
{
    /// <summary>Iterations to average over: the first ones are the stage's reference, the newest ones are judged. Default 4.</summary>
    public int Window { get; init; } = 4;

    /// <summary>How often a stage is rolled back before an alarm stops it. Default 2.</summary>
    public int Rollbacks { get; init; } = 2;

    public LengthCollapseGuard LengthCollapse { get; init; } = new();

    public NgramRepetitionGuard NgramRepetition { get; init; } = new();

    public BlockRepetitionGuard BlockRepetition { get; init; } = new();

    public SkippedComputationGuard SkippedComputation { get; init; } = new();

    public NonFiniteGuard NonFinite { get; init; } = new();

    public RegressionGuard Regression { get; init; } = new();
}

/// <summary>Fires if the mean length falls below a share of the reference.</summary>
public sealed record LengthCollapseGuard
{
    /// <summary>Default warn.</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>Least share of the reference length. Default 0.5.</summary>
    public double MinimumShare { get; init; } = 0.5;
}

/// <summary>Fires if n-gram repetition (n = 3, 1 - unique / total) exceeds the reference by more than maximumRise.</summary>
public sealed record NgramRepetitionGuard
{
    /// <summary>Default warn.</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>Default 0.2.</summary>
    public double MaximumRise { get; init; } = 0.2;
}

/// <summary>Fires if more than a share of the completions repeat a block of 10 to 256 characters at least ten times in a row.</summary>
public sealed record BlockRepetitionGuard
{
    /// <summary>Default warn.</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>Default 0.02.</summary>
    public double MaximumShare { get; init; } = 0.02;
}

/// <summary>Fires if completions skip their working more than at the start, or if rewarded ones skip it.</summary>
public sealed record SkippedComputationGuard
{
    /// <summary>Default warn.</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>Highest rise of the skipped share over the reference. Default 0.2.</summary>
    public double MaximumRise { get; init; } = 0.2;

    /// <summary>Highest rise of the share of bare answers over the reference. Default 0.2.</summary>
    public double MaximumBareRise { get; init; } = 0.2;

    /// <summary>Highest skipped share of the completions that are rewarded above their group's mean. Default 0.25.</summary>
    public double MaximumRewarded { get; init; } = 0.25;
}

/// <summary>Fires if a loss or gradient is not finite. There is no state to continue from, so it cannot only warn.</summary>
public sealed record NonFiniteGuard
{
    /// <summary>Default stop: the stage fails. Or roll-back.</summary>
    public GuardAction Action { get; init; } = GuardAction.Stop;
}

/// <summary>Fires if too many of the problems solved greedily at the stage's best validation so far are no longer solved.</summary>
public sealed record RegressionGuard
{
    /// <summary>Default warn.</summary>
    public GuardAction Action { get; init; } = GuardAction.Warn;

    /// <summary>Highest share lost. Default 0.2.</summary>
    public double MaximumShare { get; init; } = 0.2;

    /// <summary>Problems that must have been solved for the share to count. Default 8.</summary>
    public int MinimumSolved { get; init; } = 8;
}

/// <summary>What an alarm does.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<GuardAction>))]
public enum GuardAction
{
    /// <summary>The guard is off.</summary>
    [JsonStringEnumMemberName("off")]
    Off,

    /// <summary>The alarm is recorded and training continues.</summary>
    [JsonStringEnumMemberName("warn")]
    Warn,

    /// <summary>The stage ends as stopped-by-guard, and with it the arm.</summary>
    [JsonStringEnumMemberName("stop")]
    Stop,

    /// <summary>The stage goes back to its last good checkpoint, as its next attempt.</summary>
    [JsonStringEnumMemberName("roll-back")]
    RollBack,
}
