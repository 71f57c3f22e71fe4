using System.Text.Json.Serialization;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;

namespace Curriculum.Api;

/// <summary>Where an arm stands, for the run's status; a mutable blob that nothing is decided by.</summary>
public sealed record ArmProgress
{
    public required string Arm { get; init; }

    public required int Seed { get; init; }

    public int Stage { get; init; }

    public int Stages { get; init; }

    public Method? Method { get; init; }

    public int Attempt { get; init; }

    public int Iteration { get; init; }

    public int Updates { get; init; }

    /// <summary>Spent by the arm, in the budget's unit.</summary>
    public long Spent { get; init; }

    public long Budget { get; init; }

    public double? MeanReward { get; init; }

    /// <summary>Share of the newest iteration's groups that were admitted.</summary>
    public double? UsefulGroups { get; init; }

    public double? Loss { get; init; }

    public double? ValidationAccuracy { get; init; }

    /// <summary>Of the newest iteration, by worker seconds.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Set at a stage's end.</summary>
    public StageOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>The item that is waited for and why it is not there yet.</summary>
    public string? Waiting { get; init; }

    /// <summary>What the arm has used up, rolled-back attempts included.</summary>
    public Usage? Usage { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The part of the budget that is spent.</summary>
    [JsonIgnore]
    public double Share => Budget == 0 ? 0 : (double)Spent / Budget;

    /// <summary>Whether the arm trains no more: its last stage has ended, or one that lets no other follow.</summary>
    [JsonIgnore]
    public bool HasEnded => Outcome is { } outcome && (Stage + 1 == Stages || outcome != StageOutcome.Completed);
}
