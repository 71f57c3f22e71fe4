using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Orchestrations.Workflows;

/// <summary>How far a stage has come: a record of fixed size, whatever the number of iterations.</summary>
public sealed record StageProgress
{
    public required StateRef State { get; init; }

    /// <summary>Iterations done.</summary>
    public int Iteration { get; init; }

    /// <summary>Updates done: batches trained on.</summary>
    public int Updates { get; init; }

    public long ForwardTokens { get; init; }

    public long TrainedTokens { get; init; }

    public int GroupsSampled { get; init; }

    public int GroupsAdmitted { get; init; }

    /// <summary>Greedy accuracy on the validation set at the newest checkpoint.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>Set once the stage has ended.</summary>
    public StageOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>What was spent, in the budget's unit.</summary>
    public long Spent(BudgetUnit unit) => unit switch
    {
        BudgetUnit.Compute => ComputeUnits.Of(ForwardTokens, TrainedTokens),
        BudgetUnit.Updates => Updates,
        _ => throw new ArgumentOutOfRangeException(nameof(unit), unit, "Unknown unit of budget."),
    };

    /// <summary>The result of the stage once it has ended.</summary>
    public StageResult ToResult(Method method) => new()
    {
        Method = method,
        Outcome = Outcome ?? throw new InvalidOperationException("Expected a stage that has ended; it has no outcome."),
        Reason = Reason ?? "",
        Updates = Updates,
        Iterations = Iteration,
        Compute = Spent(BudgetUnit.Compute),
        ForwardTokens = ForwardTokens,
        TrainedTokens = TrainedTokens,
        GroupsSampled = GroupsSampled,
        GroupsAdmitted = GroupsAdmitted,
        LastState = State,
    };

    public StageProgress End(StageOutcome outcome, string reason) => this with { Outcome = outcome, Reason = reason };
}
