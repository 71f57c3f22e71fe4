using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class RollBacksTests
{
    private static readonly GuardsPlan Plan = new() { Window = 4, Rollbacks = 2 };
    private static readonly StagePlan Stage = new RlvrPlan { Guards = Plan };
    private static readonly StageState Begun = States.Begun;

    [Fact]
    public void The_last_good_checkpoint_is_older_than_the_window_that_the_alarm_was_judged_over()
    {
        // GuardJudgement at iteration 11 over 8, 9, 10 and 11: the states before iterations 8 and earlier are good.
        var progress = Kept(4, 8, 9, 10).Spent(updates: 12);
        var acted = RollBacks.Act(progress, Plan, Alarm(GuardAction.RollBack, iteration: 11));
        Assert.Equal(StageOutcome.StoppedByGuard, acted.Outcome);
        Assert.Equal((8, State("8")), (acted.RollBackTo!.Updates, acted.EndPolicy));
    }

    [Fact]
    public void Without_an_old_enough_checkpoint_the_stage_goes_back_to_its_start() =>
        Assert.Equal(State("start"), RollBacks.Act(Kept(2) with { Iteration = 4 }, Plan, Alarm(GuardAction.RollBack, iteration: 3)).EndPolicy);

    [Fact]
    public void What_no_alarm_can_ask_for_any_more_is_let_go()
    {
        var progress = Begun;
        for (var iteration = 1; iteration <= 50; iteration++)
            progress = RollBacks.Keep(progress with { Iteration = iteration }, new(State($"{iteration}"), iteration, iteration), 4);
        // An alarm at iteration 49 asks for 46 or older, one at 50 for 47.
        Assert.Equal([46, 47, 48, 49, 50], progress.Kept.Select(kept => kept.Iteration));
    }

    [Fact]
    public void A_warning_only_stands_in_the_progress()
    {
        var acted = RollBacks.Act(Begun, Plan, Alarm(GuardAction.Warn, 3));
        Assert.Null(acted.Outcome);
        Assert.Equal(3, Assert.Single(acted.Guards.Alarms).Iteration);
    }

    [Fact]
    public void A_stop_ends_the_stage_and_names_guard_iteration_and_finding()
    {
        var acted = RollBacks.Act(Begun, Plan, Alarm(GuardAction.Stop, 3));
        Assert.Equal(StageOutcome.StoppedByGuard, acted.Outcome);
        Assert.Null(acted.RollBackTo);
        Assert.Equal("The guard length-collapse fired at iteration 3: too short.", acted.Reason);
    }

    [Fact]
    public void A_loss_that_is_not_finite_fails_the_stage_unless_it_is_rolled_back()
    {
        var failed = NonFiniteGuards.OnFailure(Plan, new(), "loss NaN", 0, 7);
        Assert.Equal(StageOutcome.Failed, RollBacks.Act(Begun, Plan, failed).Outcome);
        var plan = Plan with { NonFinite = new() { Action = GuardAction.RollBack } };
        var back = RollBacks.Act(Begun, plan, NonFiniteGuards.OnFailure(plan, new(), "loss NaN", 0, 7));
        Assert.Equal((StageOutcome.StoppedByGuard, State("start")), (back.Outcome!.Value, back.EndPolicy));
    }

    [Fact]
    public void An_alarm_on_the_last_validation_takes_a_completed_stage_back_and_leaves_every_other_outcome()
    {
        Assert.Equal(StageOutcome.StoppedByGuard, RollBacks.Act(Begun.End(StageOutcome.Completed, ""), Plan, Alarm(GuardAction.Stop, 3)).Outcome);
        Assert.Equal(StageOutcome.Starved, RollBacks.Act(Begun.End(StageOutcome.Starved, ""), Plan, Alarm(GuardAction.RollBack, 3)).Outcome);
    }

    [Fact]
    public void The_next_attempt_begins_at_the_checkpoint_with_its_optimiser_and_pays_for_what_was_rolled_back()
    {
        var ended = RollBacks.Act(Kept(4, 8).Spent(100, 200, 12, earlier: 50), Plan, Alarm(GuardAction.RollBack, 11));
        var next = RollBacks.Next(ended, Stage, rollBacks: 0, allowed: 1000, BudgetUnit.Compute)!;
        // 50 before, 100 + 3 x 200 now.
        Assert.Equal((750L, 750L, State("8"), true), (next.Ledger.Earlier, next.Ledger.SpentInAll(BudgetUnit.Compute), next.Policy, next.KeepsOptimizer));
        Assert.Equal((0, 0), (next.Ledger.Updates, next.Iteration));
        Assert.Empty(next.Guards.Alarms);
        Assert.Equal((StagePhase.Iterate, 0, 3, 1000L), (next.Phase, next.Step, next.Key.Attempt, next.Allowed));
        Assert.Equal(" Rolled back to the state after 8 updates (roll-back 1 of 2).", RollBacks.Followed(ended, goesOn: true, 0, Plan));
    }

    [Theory]
    [InlineData(2, 1000, "All 2 roll-backs")]
    [InlineData(0, 700, "The budget is spent")]
    public void Roll_backs_are_capped_and_end_with_the_budget(int rollBacks, long allowed, string reason)
    {
        var ended = RollBacks.Act(Kept(4, 8).Spent(100, 200, 12), Plan, Alarm(GuardAction.RollBack, 11));
        Assert.Null(RollBacks.Next(ended, Stage, rollBacks, allowed, BudgetUnit.Compute));
        Assert.Contains(reason, RollBacks.Followed(ended, goesOn: false, rollBacks, Plan), StringComparison.Ordinal);
        Assert.Equal(State("8"), ended.EndPolicy);
    }

    [Fact]
    public void A_stage_rolled_back_to_its_own_start_begins_with_a_fresh_optimiser()
    {
        var ended = RollBacks.Act(Kept().Spent(10, 0, 4), Plan, Alarm(GuardAction.RollBack, 3));
        Assert.False(RollBacks.Next(ended, Stage, 0, 1000, BudgetUnit.Compute)!.KeepsOptimizer);
    }

    [Theory]
    [InlineData("run/iterations/arm/1/0/2/11/gathered.json", 11, "run/iterations/arm/1/0/2/7/gathered.json")] // back to the state before iteration 8
    [InlineData("run/iterations/arm/1/0/2/3/gathered.json", 3, "earlier")] // back to the attempt's own start
    [InlineData(null, 11, null)] // a method that gathers nothing
    public void What_was_gathered_at_the_checkpoint_is_gone_on_with(string? gathered, int iteration, string? expected)
    {
        var ended = RollBacks.Act(
            (iteration < 4 ? Kept() : Kept(4, 8)).Spent(updates: 12) with { Iteration = iteration + 1, Gathered = gathered, GatheredBefore = gathered is null ? null : "earlier" },
            Plan, Alarm(GuardAction.RollBack, iteration));
        var next = RollBacks.Next(ended, Stage, 0, 1000, BudgetUnit.Compute)!;
        Assert.Equal((expected, expected), (next.Gathered, next.GatheredBefore));
    }

    [Theory]
    [InlineData(BudgetUnit.Updates, 12)]
    [InlineData(BudgetUnit.Compute, 700)]
    [InlineData(BudgetUnit.Seconds, 42)]
    public void Rolled_back_work_counts_in_every_unit(BudgetUnit unit, long spent)
    {
        var ended = RollBacks.Act(
            Kept(4, 8).Spent(100, 200, 12, seconds: 42.7), Plan, Alarm(GuardAction.RollBack, 11));
        Assert.Equal(spent, RollBacks.Next(ended, Stage, 0, 10_000, unit)!.Ledger.Earlier);
    }

    private static StageState Kept(params int[] iterations) => iterations.Aggregate(
        Begun, (progress, iteration) => RollBacks.Keep(progress with { Iteration = iteration }, new(State($"{iteration}"), iteration, iteration), Plan.Window));

    private static StateRef State(string name) => States.Ref(name);

    private static GuardJudgement Alarm(GuardAction action, int iteration)
    {
        var alarm = new GuardAlarm { Guard = GuardKind.LengthCollapse, Action = action, Attempt = 0, Iteration = iteration, Value = 1, Limit = 2, Message = "too short." };
        return new(new() { Alarms = [alarm] }, [alarm]);
    }
}
