using CsCheck;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Tests.Workflows;

[Trait("Speed", "fast")]
public class StageEndTests
{
    private static readonly BudgetPlan Budget = new() { Amount = 1000 };
    private static readonly StageProgress Fresh = new() { State = new("runs", "r/base", "00") };

    [Fact]
    public void A_stage_with_budget_left_goes_on()
    {
        // 100 forward + 3 x 299 trained = 997 of 1000.
        var progress = Fresh with { ForwardTokens = 100, TrainedTokens = 299, Updates = 3, Iteration = 3 };
        Assert.Null(StageEnd.Judge(progress, Budget, 1000, new(), RunWish.Run).Outcome);
    }

    [Fact]
    public void A_stage_that_spent_its_budget_is_completed()
    {
        // 100 forward + 3 x 300 trained = 1000.
        var progress = Fresh with { ForwardTokens = 100, TrainedTokens = 300, Updates = 3, Iteration = 3 };
        Assert.Equal(StageOutcome.Completed, StageEnd.Judge(progress, Budget, 1000, new(), RunWish.Run).Outcome);
    }

    [Fact]
    public void A_budget_spent_without_one_update_is_a_failure_that_names_the_setting()
    {
        var judged = StageEnd.Judge(Fresh with { ForwardTokens = 1000 }, Budget, 1000, new(), RunWish.Run);
        Assert.Equal(StageOutcome.Failed, judged.Outcome);
        Assert.Contains("budget.amount", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_iteration_cap_stops_a_stage()
    {
        var judged = StageEnd.Judge(Fresh with { Updates = 5, Iteration = 5 }, Budget, 1000, new() { IterationCap = 5 }, RunWish.Run);
        Assert.Equal(StageOutcome.StoppedByCap, judged.Outcome);
        Assert.Contains("iterationCap", judged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cancel_stops_a_stage_whatever_is_left()
    {
        var judged = StageEnd.Judge(Fresh with { Updates = 1, Iteration = 1 }, Budget, 1000, new(), RunWish.Cancel);
        Assert.Equal(StageOutcome.Canceled, judged.Outcome);
    }

    [Fact]
    public void A_stage_is_completed_only_with_its_whole_budget_spent_and_an_update_made() =>
        Gen.Select(Gen.Int[0, 50], Gen.Long[0, 1200], Gen.Long[0, 500], Gen.Long[0, 300]).Sample((updates, forward, trained, earlier) =>
        {
            var progress = Fresh with { Updates = updates, Iteration = updates, ForwardTokens = forward, TrainedTokens = trained, Earlier = earlier };
            var judged = StageEnd.Judge(progress, Budget, 1000, new(), RunWish.Run);
            var spent = forward + (3 * trained) + earlier >= 1000;
            return judged.Outcome == (!spent ? null : updates > 0 || earlier > 0 ? StageOutcome.Completed : StageOutcome.Failed) && (judged.Outcome is null || judged.Reason!.Length > 0);
        });

    [Fact]
    public void A_stage_that_stopped_without_an_outcome_has_no_result() =>
        Assert.Throws<InvalidOperationException>(() => (Fresh with { Updates = 3, Iteration = 3 }).ToResult(Method.Srl));

    [Fact]
    public void An_outcome_is_never_replaced()
    {
        var ended = Fresh.End(StageOutcome.Starved, "nothing admitted");
        Assert.Same(ended, StageEnd.Judge(ended, Budget, 0, new(), RunWish.Cancel));
    }

    [Theory]
    [InlineData(Method.Rlvr, 0, StageOutcome.Starved)]
    [InlineData(Method.Rlvr, 4, StageOutcome.Starved)]
    [InlineData(Method.ExpertIteration, 0, StageOutcome.Starved)]
    [InlineData(Method.Srl, 4, StageOutcome.Starved)]
    [InlineData(Method.Srl, 0, StageOutcome.Failed)]
    public void Starving_is_a_result_unless_imitation_never_began(Method method, int updates, StageOutcome expected) =>
        Assert.Equal(expected, StageEnd.Starve(Fresh with { Updates = updates }, new() { Method = method }).Outcome);
}
