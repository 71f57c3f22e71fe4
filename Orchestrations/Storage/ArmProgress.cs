using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

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

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>What the arm has used up, rolled-back attempts included.</summary>
    public Usage? Usage { get; init; }

    /// <summary>An arm, or work of the run itself, that is waited for and has no progress yet.</summary>
    public static ArmProgress Empty(WorkOwner owner) => new() { Arm = owner.Scope.ToString(), Seed = owner.Seed };

    public static ArmProgress Of(StageState state, RunPlan plan, DateTimeOffset now)
    {
        var arm = plan.Arms.Single(arm => arm.Name == state.Key.Arm);
        var (budget, newest) = (plan.Budget.Of(arm), state.Newest);
        var seconds = newest is null ? 0 : newest.RolloutSeconds + newest.UpdateSeconds;
        return new()
        {
            Arm = state.Key.Arm,
            Seed = state.Key.Seed,
            Stage = state.Key.Stage,
            Stages = arm.Stages.Count,
            Method = arm.Stages[state.Key.Stage].Method,
            Attempt = state.Key.Attempt,
            Iteration = state.Iteration,
            Updates = state.Ledger.Updates,
            Spent = (long)(arm.Stages.Take(state.Key.Stage).Sum(earlier => earlier.Share) * budget.Amount) + state.Ledger.SpentInAll(budget.Unit),
            Budget = budget.Amount,
            MeanReward = newest?.MeanReward,
            UsefulGroups = newest is { GroupsSampled: > 0 } ? newest.GroupsAdmitted / (double)newest.GroupsSampled : null,
            Loss = newest?.Loss,
            ValidationAccuracy = state.ValidationAccuracy,
            TokensPerSecond = seconds > 0 ? (newest!.RolloutTokens + newest.TrainedTokens) / seconds : null,
            Outcome = state.Outcome,
            Reason = state.Reason,
            Usage = state.ArmUsage,
            UpdatedAt = now,
        };
    }

    public static string Prefix(string run) => $"{run}/progress/";

    public static string Blob(ArmKey arm) => $"{Prefix(arm.Run)}{arm.Path}.json";
}
