using CsCheck;
using Curriculum.Methods;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class AllowanceTests
{
    private static readonly StageState Fresh = States.Begun;
    private static readonly TrainingMethod Rlvr = TrainingMethod.Of(new RlvrPlan());

    [Fact]
    public void A_stage_with_budget_left_goes_on()
    {
        // 100 forward + 3 x 299 trained = 997 of 1000.
        var progress = Fresh.Spent(100, 299, 3);
        Assert.Null(Allowance.Judge(progress, Rlvr, BudgetUnit.Compute, 2000).Outcome);
    }

    [Fact]
    public void A_stage_that_spent_its_budget_is_completed()
    {
        // 100 forward + 3 x 300 trained = 1000.
        var progress = Fresh.Spent(100, 300, 3);
        Assert.Equal(StageOutcome.Completed, Allowance.Judge(progress, Rlvr, BudgetUnit.Compute, 2000).Outcome);
    }

    [Fact]
    public void A_budget_spent_without_one_update_is_a_failure_that_names_the_setting()
    {
        var judged = Allowance.Judge(Fresh.Spent(1000), Rlvr, BudgetUnit.Compute, 2000);
        Assert.Equal(StageOutcome.Failed, judged.Outcome);
        Assert.Contains("budget.amount", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_iteration_cap_stops_a_stage()
    {
        var judged = Allowance.Judge(Fresh.Spent(updates: 5), Rlvr, BudgetUnit.Compute, 5);
        Assert.Equal(StageOutcome.StoppedByCap, judged.Outcome);
        Assert.Contains("iterationCap", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancel_stops_a_stage_whatever_is_left()
    {
        var judged = Allowance.Judge(Fresh.Spent(updates: 1), new(DesiredState.Cancel));
        Assert.Equal(StageOutcome.Canceled, judged.Outcome);
    }

    [Fact]
    public void A_stage_is_completed_only_with_its_whole_budget_spent_and_an_update_made() =>
        Gen.Select(Gen.Int[0, 50], Gen.Long[0, 1200], Gen.Long[0, 500], Gen.Long[0, 300]).Sample((updates, forward, trained, earlier) =>
        {
            var progress = Fresh.Spent(forward, trained, updates, earlier);
            var judged = Allowance.Judge(progress, Rlvr, BudgetUnit.Compute, 2000);
            var spent = forward + (3 * trained) + earlier >= 1000;
            return judged.Outcome == (!spent ? null : updates > 0 || earlier > 0 ? StageOutcome.Completed : StageOutcome.Failed) && (judged.Outcome is null || judged.Reason!.Length > 0);
        });

    [Fact]
    public void An_outcome_is_never_replaced()
    {
        var ended = Fresh.End(StageOutcome.Starved, "nothing admitted");
        Assert.Same(ended, Allowance.Judge(ended, new(DesiredState.Cancel)));
    }

    [Fact]
    public void Starving_is_a_result_unless_imitation_never_began()
    {
        StageOutcome Of(StagePlan plan, int updates) => Allowance.Starve(Fresh.Spent(updates: updates), (SampledMethod)TrainingMethod.Of(plan)).Outcome!.Value;
        Assert.Equal([StageOutcome.Starved, StageOutcome.Starved, StageOutcome.Starved], [Of(new RlvrPlan(), 0), Of(new RlvrPlan(), 4), Of(new ExpertIterationPlan(), 0)]);
        Assert.Equal([StageOutcome.Starved, StageOutcome.Failed], [Of(new SrlPlan(), 4), Of(new SrlPlan(), 0)]);
    }
}
