using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>The figures of one iteration; what a method does not have is absent.</summary>
public sealed record IterationRecord
{
    public required int Stage { get; init; }

    public required int Attempt { get; init; }

    public required int Iteration { get; init; }

    /// <summary>Updates of the stage after this iteration.</summary>
    public required int Updates { get; init; }

    /// <summary>Compute units of the stage after this iteration.</summary>
    public required long Compute { get; init; }

    public int? GroupsSampled { get; init; }

    public int? GroupsAdmitted { get; init; }

    public double? MeanReward { get; init; }

    public double? WellFormed { get; init; }

    public double? MeanTokens { get; init; }

    /// <summary>Rounds of rollouts, 1 without a refill.</summary>
    public int? Rounds { get; init; }

    /// <summary>Groups in which one trajectory stood above all others, which were alike.</summary>
    public int? LoneSuccesses { get; init; }

    /// <summary>Of these, those that a second check did not confirm.</summary>
    public int? Quarantined { get; init; }

    /// <summary>What the completions of all rounds look like.</summary>
    public TextFigures? Text { get; init; }

    /// <summary>The guards that fired on this iteration, or on the validation after it; null where none did.</summary>
    public IReadOnlyList<GuardAlarm>? Alarms { get; init; }

    public required double Loss { get; init; }

    public required double Entropy { get; init; }

    public required double GradientNorm { get; init; }

    public required double ClipFraction { get; init; }

    /// <summary>Mean k3 divergence from the stage's start.</summary>
    public double? Divergence { get; init; }

    /// <summary>Mean half squared error of the values.</summary>
    public double? ValueError { get; init; }

    public required string Fingerprint { get; init; }

    /// <summary>Rollout items of all rounds.</summary>
    public required int RolloutItems { get; init; }

    public required long RolloutTokens { get; init; }

    /// <summary>Summed over the rollout items: worker seconds, not wall clock.</summary>
    public required double RolloutSeconds { get; init; }

    public required long TrainedTokens { get; init; }

    public required double UpdateSeconds { get; init; }

    internal static IterationRecord Of(StageState after, OpenIteration open, WorkResult result, UpdateOutput output, IReadOnlyList<GuardAlarm> alarms) => new()
    {
        Stage = after.Key.Stage,
        Attempt = after.Key.Attempt,
        Iteration = after.Iteration - 1,
        Updates = after.Ledger.Updates,
        Compute = after.Ledger.Spent(BudgetUnit.Compute),
        GroupsSampled = open.Admitted?.Yield.Sampled,
        GroupsAdmitted = open.Admitted?.Yield.Admitted,
        MeanReward = open.Admitted?.Yield.MeanReward,
        WellFormed = open.Admitted?.Yield.WellFormedShare,
        MeanTokens = open.Admitted?.MeanTokens,
        Rounds = open.Admitted is null ? null : open.Round + 1,
        LoneSuccesses = open.Admitted?.Yield.LoneSuccesses,
        Quarantined = open.Admitted?.Yield.Quarantined,
        Text = open.Admitted?.Text,
        Alarms = alarms.Count > 0 ? alarms : null,
        Loss = output.Loss,
        Entropy = output.Entropy,
        GradientNorm = output.GradientNorm,
        ClipFraction = output.ClipFraction,
        Divergence = output.Divergence,
        ValueError = output.ValueError,
        Fingerprint = result.Fingerprint,
        RolloutItems = open.RolloutItems,
        RolloutTokens = open.Admitted?.ForwardTokens ?? 0,
        RolloutSeconds = open.Admitted?.Seconds ?? 0,
        TrainedTokens = output.TrainedTokens,
        UpdateSeconds = result.Timing.Seconds,
    };

    public static string Prefix(StageKey stage) =>
        $"{StorageNames.Iterations(stage)}/records/";

    public static string Blob(StageKey stage, int iteration) => FormattableString.Invariant($"{Prefix(stage)}{iteration:D7}.jsonl");

    public static string Lines(StageKey stage) =>
        $"{stage.Run}/metrics/{stage.Path}.jsonl";
}
