using System.Text.Json;
using Curriculum.Admission;
using Curriculum.Guards;
using Curriculum.Stages;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>One attempt at a stage between two steps: of bounded size, whatever the number of iterations, and all that a step goes on from.</summary>
public sealed record StageState
{
    public required StageKey Key { get; init; }

    /// <summary>Steps before this state; 0 is the attempt's beginning.</summary>
    public required int Step { get; init; }

    public required StagePhase Phase { get; init; }

    /// <summary>The results that the next step reads.</summary>
    public IReadOnlyList<AwaitedResult> Awaited { get; init; } = [];

    /// <summary>What the step that made this state was told from outside: taken again, it comes to the same.</summary>
    public Directive Directive { get; init; } = new();

    /// <summary>What the stage may spend, in the budget's unit, attempts that were rolled back included.</summary>
    public required long Allowed { get; init; }

    /// <summary>The newest policy.</summary>
    public required StateRef Policy { get; init; }

    /// <summary>The policy that the stage started with: the reference of its divergence. It is a checkpoint or the base, so it is kept.</summary>
    public required StateRef Start { get; init; }

    /// <summary>Iterations done.</summary>
    public int Iteration { get; init; }

    public Ledger Ledger { get; init; } = new();

    /// <summary>What the arm's earlier attempts used, for the caps of the run.</summary>
    public Usage ArmBefore { get; init; } = new(0, 0);

    public int GroupsSampled { get; init; }

    public int GroupsAdmitted { get; init; }

    /// <summary>Lone successes that a second check did not confirm.</summary>
    public int GroupsQuarantined { get; init; }

    /// <summary>Whether the first update goes on with the state's own optimiser: after a roll-back to the middle of the stage.</summary>
    public bool KeepsOptimizer { get; init; }

    /// <summary>Blob of what the iterations so far gathered; null for a method that gathers nothing, and before the first.</summary>
    public string? Gathered { get; init; }

    /// <summary>Blob of what the attempts before this one gathered.</summary>
    public string? GatheredBefore { get; init; }

    /// <summary>The iteration under way; null between two.</summary>
    public OpenIteration? Open { get; init; }

    /// <summary>The figures of the newest iteration that ended.</summary>
    public IterationRecord? Newest { get; init; }

    /// <summary>The checkpoint whose validation is waited for.</summary>
    public StateRef? Validating { get; init; }

    /// <summary>Whether the validation that is waited for is the stage's last.</summary>
    public bool IsLastValidation { get; init; }

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
    public StateRef EndPolicy => RollBackTo?.State ?? Policy;

    /// <summary>What the arm has used so far.</summary>
    public Usage ArmUsage => new(ArmBefore.Tokens + Ledger.Tokens, ArmBefore.WorkerSeconds + Ledger.Seconds);

    /// <summary>Its copy in another run.</summary>
    public StageState In(RunId run) => this with
    {
        Key = Key.In(run),
        Policy = Policy.In(run),
        Start = Start.In(run),
        Gathered = Gathered is null ? null : StorageNames.In(Gathered, run),
        GatheredBefore = GatheredBefore is null ? null : StorageNames.In(GatheredBefore, run),
        Validating = Validating?.In(run),
        Guards = Guards with { BestValidation = Guards.BestValidation is { } best ? StorageNames.In(best, run) : null },
        Kept = [.. Kept.Select(kept => kept with { State = kept.State.In(run) })],
        RollBackTo = RollBackTo is { } good ? good with { State = good.State.In(run) } : null,
        Profile = Profile is { } profile ? profile with { Blob = StorageNames.In(profile.Blob, run) } : null,
    };

    public StageState End(StageOutcome outcome, string reason) => this with { Outcome = outcome, Reason = reason };
}

/// <summary>A result that is waited for: whoever reads it holds it to both.</summary>
/// <param name="InputHash">SHA-256 of the item's bytes.</param>
public sealed record AwaitedResult(WorkItemId Id, string InputHash)
{
    public static AwaitedResult Of(WorkItem item) => new(item.Id, Sha256Hex.Of(JsonSerializer.SerializeToUtf8Bytes(item, CurriculumJson.Default.WorkItem)));
}

/// <summary>What a step is told of the run beside the results.</summary>
/// <param name="DesiredState">What people want of the run.</param>
/// <param name="Cap">Which cap the run has reached, and how; null where it may go on.</param>
/// <param name="Rests">Whether no further iteration is begun for now: another item does it.</param>
public sealed record Directive(DesiredState DesiredState = DesiredState.Run, string? Cap = null, bool Rests = false);

/// <summary>What was used up.</summary>
/// <param name="Tokens">Forward and trained.</param>
/// <param name="WorkerSeconds">Of workers' computing.</param>
public sealed record Usage(long Tokens, double WorkerSeconds);

/// <summary>A checkpoint of the attempt, and when it was taken: after so many updates and iterations.</summary>
public sealed record KeptState(StateRef State, int Updates, int Iteration);

/// <summary>A stored difficulty profile and the iteration that first draws by it.</summary>
public sealed record ProfileRef(string Blob, int Ordinal, int Iteration);
