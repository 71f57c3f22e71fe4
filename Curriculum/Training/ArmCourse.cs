using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>One arm under one seed: its stages in order, each followed by its gate, all out of one budget.</summary>
/// <param name="Plan">The arm, as planned.</param>
/// <param name="Finished">Attempts that have ended, in their order, as their gates left them.</param>
/// <param name="Next">How the next attempt begins; null where the arm has ended.</param>
public sealed record ArmCourse(ArmPlan Plan, IReadOnlyList<FinishedStage> Finished, StageState? Next)
{
    /// <summary>Where the arm stands: a pure function of how its attempts ended.</summary>
    /// <param name="arm">The arm and the seed.</param>
    /// <param name="plan">The run's plan.</param>
    /// <param name="start">The base.</param>
    /// <param name="ended">The last states of attempts that have ended.</param>
    public static ArmCourse Of(ArmKey arm, RunPlan plan, StateRef start, IReadOnlyList<StageState> ended)
    {
        var planned = plan.Arms.Single(one => one.Name == arm.Arm);
        var (budget, unit) = (plan.Budget.Of(planned), plan.Budget.Unit);
        var finished = new List<FinishedStage>();
        var (policy, left, allowed, used, attempt, repeats, rollBacks) = (start, budget.Amount, 0L, new Usage(0, 0), 0, 0, 0);
        StageState? again = null;
        for (var index = 0; index < planned.Stages.Count; attempt++)
        {
            var stage = planned.Stages[index];
            var key = new StageKey(arm, index, attempt);
            // A rolled-back stage goes on with what is left of its own share; a repeated one begins a new share of what is left of the arm's.
            allowed = again is null ? Math.Min(left, (long)Math.Round(budget.Amount * stage.Share)) : allowed;
            if (ended.FirstOrDefault(state => state.Key == key) is not { } last)
            {
                return new(planned, finished, again ?? new StageState
                {
                    Key = key,
                    Step = 0,
                    Phase = StagePhase.Begin,
                    Allowed = allowed,
                    Policy = policy,
                    Start = policy,
                    ArmBefore = used,
                });
            }

            left -= last.Ledger.Spent(unit);
            (policy, used) = (last.EndPolicy, last.ArmUsage);
            again = RollBacks.Next(last, stage, rollBacks, allowed, unit);
            var result = Result(last, stage);
            var reason = result.Reason + RollBacks.Followed(last, again is not null, rollBacks, stage.Guards);
            if (again is not null)
            {
                finished.Add(new(last, stage.Method, result.Outcome, reason, null));
                rollBacks++;
                continue;
            }

            var gate = StageGate.Decide(result, stage.Gate, repeats);
            var stoppedByGate = gate.Action == GateAction.Stop && result.Outcome == StageOutcome.Completed;
            finished.Add(new(
                last,
                stage.Method,
                stoppedByGate ? StageOutcome.StoppedByGate : result.Outcome,
                stoppedByGate ? gate.Reason : reason,
                gate));
            if (gate.Action == GateAction.Stop)
                break;
            if (gate.Action == GateAction.Repeat)
                repeats++;
            else
                (index, attempt, repeats, rollBacks) = (index + 1, -1, 0, 0);
        }

        return new(planned, finished, null);
    }

    private static StageResult Result(StageState ended, StagePlan plan) => new()
    {
        Method = plan.Method,
        Outcome = ended.Outcome ?? throw new ArgumentException($"Expected a stage that has ended; {ended.Key} has no outcome.", nameof(ended)),
        Reason = ended.Reason ?? "",
        Updates = ended.Ledger.Updates,
        Iterations = ended.Iteration,
        Compute = ended.Ledger.Spent(BudgetUnit.Compute),
        ForwardTokens = ended.Ledger.ForwardTokens,
        TrainedTokens = ended.Ledger.TrainedTokens,
        GroupsSampled = ended.GroupsSampled,
        GroupsAdmitted = ended.GroupsAdmitted,
        ValidationAccuracy = ended.ValidationAccuracy,
        PassAtK = ended.ValidationPassAtK,
        FormatRate = ended.Guards.Recent.Count == 0 ? null : TextFigures.Mean(ended.Guards.Recent).WellFormed,
        LastState = ended.EndPolicy,
    };

    /// <summary>The policy that the arm ended with; null for an arm that never trained.</summary>
    public StateRef? Last => Finished.Count == 0 ? null : Finished[^1].End.EndPolicy;

    /// <summary>Whether a guard took the checkpoint back: none is chosen there.</summary>
    public bool Discarded(ValidatedCheckpoint point) => Finished.Any(stage =>
        stage.End.Key == point.Stage && stage.End.RollBackTo is { } good && point.Updates > good.Updates);

    /// <summary>The policy that RLVR started from, where another stage came before it.</summary>
    public StateRef? Enabled
    {
        get
        {
            for (var i = 1; i < Finished.Count; i++)
            {
                if (Plan.Stages[Finished[i].End.Key.Stage] is RlvrPlan && Finished[i - 1].End.Key.Stage < Finished[i].End.Key.Stage)
                    return Finished[i - 1].End.EndPolicy;
            }

            return null;
        }
    }
}

/// <summary>One attempt at a stage, with the outcome and the reason as its gate left them.</summary>
/// <param name="End">Its last state.</param>
/// <param name="Gate">What the gate decided; null where the attempt was rolled back, which no gate is asked about.</param>
public sealed record FinishedStage(StageState End, Method Method, StageOutcome Outcome, string Reason, GateDecision? Gate);
