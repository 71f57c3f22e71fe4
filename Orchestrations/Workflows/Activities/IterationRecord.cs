using Curriculum.Guards;

namespace Orchestrations.Workflows.Activities;

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

    public static string Prefix(StageKey stage) =>
        FormattableString.Invariant($"{stage.Run}/iterations/{stage.Arm}/{stage.Seed}/{stage.Stage}/{stage.Attempt}/records/");

    public static string Blob(StageKey stage, int iteration) => FormattableString.Invariant($"{Prefix(stage)}{iteration:D7}.json");

    public static string Lines(StageKey stage) =>
        FormattableString.Invariant($"{stage.Run}/metrics/{stage.Arm}/{stage.Seed}/{stage.Stage}-{stage.Attempt}.jsonl");
}
