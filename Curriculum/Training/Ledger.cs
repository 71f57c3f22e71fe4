using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Training;

/// <summary>What one attempt at a stage has spent: the only account of it.</summary>
public sealed record Ledger
{
    /// <summary>Pilots, second checks, refills and dropped groups included.</summary>
    public long ForwardTokens { get; init; }

    public long TrainedTokens { get; init; }

    /// <summary>Worker seconds of rollouts, pilots and updates.</summary>
    public double Seconds { get; init; }

    /// <summary>Updates done: batches trained on.</summary>
    public int Updates { get; init; }

    /// <summary>Spent by attempts that were rolled back, in the budget's unit: it counts toward the stage's allowance.</summary>
    public long Earlier { get; init; }

    public long Tokens => ForwardTokens + TrainedTokens;

    public Ledger AfterSampling(long forwardTokens, double seconds) => this with { ForwardTokens = ForwardTokens + forwardTokens, Seconds = Seconds + seconds };

    public Ledger AfterUpdate(long trainedTokens, double seconds, int batches) =>
        this with { TrainedTokens = TrainedTokens + trainedTokens, Seconds = Seconds + seconds, Updates = Updates + batches };

    /// <summary>What this attempt spent, in the budget's unit.</summary>
    public long Spent(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Compute => ComputeUnits.Of(ForwardTokens, TrainedTokens),
        BudgetUnit.Updates => Updates,
        BudgetUnit.Seconds => (long)Seconds,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Unknown unit of budget."),
    };

    /// <summary>What the stage spent, attempts that were rolled back included.</summary>
    public long SpentInAll(BudgetUnit unit) => Earlier + Spent(unit);
}
