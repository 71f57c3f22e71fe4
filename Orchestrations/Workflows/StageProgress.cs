using Curriculum.Admission;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Orchestrations.Workflows;

/// <summary>How far one attempt at a stage has come: a record of bounded size, whatever the number of iterations.</summary>
public sealed record StageProgress
{
    public required StateRef State { get; init; }

    /// <summary>The state that the stage started with: the reference of its divergence. It is a checkpoint or the base, so it is kept.</summary>
    public StateRef? Start { get; init; }

    /// <summary>Iterations done.</summary>
    public int Iteration { get; init; }

    /// <summary>Updates done: batches trained on.</summary>
    public int Updates { get; init; }

    /// <summary>Pilots, second checks, refills and dropped groups included.</summary>
    public long ForwardTokens { get; init; }

    public long TrainedTokens { get; init; }

    /// <summary>Worker seconds of rollouts, pilots and updates.</summary>
    public double Seconds { get; init; }

    /// <summary>Spent by attempts that were rolled back, in the budget's unit: it counts toward the stage's allowance.</summary>
    public long Earlier { get; init; }

    public int GroupsSampled { get; init; }

    public int GroupsAdmitted { get; init; }

    /// <summary>Lone successes that a second check did not confirm.</summary>
    public int GroupsQuarantined { get; init; }

    /// <summary>Whether the stage's start was validated, where a guard asks for it.</summary>
    public bool Started { get; init; }

    /// <summary>Whether the first update goes on with the state's own optimiser: after a roll-back to the middle of the stage.</summary>
    public bool KeepsOptimizer { get; init; }

    /// <summary>Blob of the successes that expert iteration had gathered at the checkpoint which it was rolled back to; null where it begins with none.</summary>
    public string? Successes { get; init; }

    /// <summary>Greedy accuracy on the validation set at the newest checkpoint.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>pass@k there, with the k of the stage's gate.</summary>
    public double? ValidationPassAtK { get; init; }

    public GuardState Guards { get; init; } = new();

    /// <summary>Checkpoints that a guard may roll back to: see <see cref="RollBacks"/>.</summary>
    public IReadOnlyList<KeptState> Kept { get; init; } = [];

    /// <summary>Where a guard wants the stage to go back to; set with the outcome.</summary>
    public KeptState? RollBackTo { get; init; }

    /// <summary>The newest difficulty profile; null without one.</summary>
    public ProfileRef? Profile { get; init; }

    /// <summary>That profile in numbers.</summary>
    public DifficultySummary? Difficulty { get; init; }

    /// <summary>Set once the stage has ended.</summary>
    public StageOutcome? Outcome { get; init; }

    public string? Reason { get; init; }

    /// <summary>The state that the arm goes on from.</summary>
    public StateRef EndState => RollBackTo?.State ?? State;

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
        ValidationAccuracy = ValidationAccuracy,
        PassAtK = ValidationPassAtK,
        FormatRate = Guards.Recent.Count == 0 ? null : TextFigures.Mean(Guards.Recent).WellFormed,
        LastState = EndState,
    };

    public StageProgress End(StageOutcome outcome, string reason) => this with { Outcome = outcome, Reason = reason };
}

/// <summary>A checkpoint of the attempt, and when it was taken: after so many updates and iterations.</summary>
public sealed record KeptState(StateRef State, int Updates, int Iteration);

/// <summary>A stored difficulty profile and the iteration that first draws by it.</summary>
public sealed record ProfileRef(string Blob, int Ordinal, int Iteration);
