using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

[Trait("Speed", "fast")]
public class ArmCourseTests
{
    private static readonly ArmKey Arm = ArmKey.Parse("run/srl-rlvr/1");
    private static readonly StateRef Base = new("runs", "run/base", "00");

    [Fact]
    public void Stages_follow_one_another_each_from_where_the_one_before_ended()
    {
        var first = ArmCourse.Of(Arm, Plan(), Base, []).Next!;
        Assert.Equal((new StageKey(Arm, 0, 0), Base, StagePhase.Begin, 400L), (first.Key, first.Policy, first.Phase, first.Allowed));

        var srl = Ended(first, "srl", spent: 390);
        var second = ArmCourse.Of(Arm, Plan(), Base, [srl]).Next!;
        Assert.Equal((new StageKey(Arm, 1, 0), States.Ref("srl"), States.Ref("srl"), 600L), (second.Key, second.Policy, second.Start, second.Allowed));
        // What the arm used is carried on for the caps: 390 units are 130 trained tokens.
        Assert.Equal(130, second.ArmUsage.Tokens);

        var course = ArmCourse.Of(Arm, Plan(), Base, [srl, Ended(second, "rlvr", 600)]);
        Assert.Null(course.Next);
        Assert.Equal((States.Ref("rlvr"), States.Ref("srl")), (course.Last, course.Enabled));
        Assert.Equal([StageOutcome.Completed, StageOutcome.Completed], course.Finished.Select(stage => stage.Outcome));
    }

    [Fact]
    public void A_gate_that_is_missed_repeats_the_stage_out_of_what_is_left_and_then_stops_the_arm()
    {
        var plan = Plan(new() { MinimumAccuracy = 0.9, Repeats = 1 });
        var first = Ended(ArmCourse.Of(Arm, plan, Base, []).Next!, "a", 400) with { ValidationAccuracy = 0.5 };
        var again = ArmCourse.Of(Arm, plan, Base, [first]).Next!;
        Assert.Equal((new StageKey(Arm, 0, 1), States.Ref("a"), 400L), (again.Key, again.Policy, again.Allowed));

        var course = ArmCourse.Of(Arm, plan, Base, [first, Ended(again, "b", 400) with { ValidationAccuracy = 0.6 }]);
        Assert.Null(course.Next);
        Assert.Equal([GateAction.Repeat, GateAction.Stop], course.Finished.Select(stage => stage.Gate!.Action));
        Assert.Equal(StageOutcome.StoppedByGate, course.Finished[^1].Outcome);
    }

    [Fact]
    public void A_roll_back_goes_on_under_the_same_allowance_and_takes_back_the_checkpoints_after_it()
    {
        var plan = Plan();
        var first = ArmCourse.Of(Arm, plan, Base, []).Next!;
        var ended = Ended(first, "bad", 99) with { Outcome = StageOutcome.StoppedByGuard, RollBackTo = new(States.Ref("good"), 4, 4) };
        var course = ArmCourse.Of(Arm, plan, Base, [ended]);
        Assert.Equal((new StageKey(Arm, 0, 1), StagePhase.Iterate, States.Ref("good"), 400L, 99L),
            (course.Next!.Key, course.Next.Phase, course.Next.Policy, course.Next.Allowed, course.Next.Ledger.Earlier));
        Assert.Null(course.Finished[0].Gate);
        Assert.False(course.Discarded(Point(first.Key, 4)));
        Assert.True(course.Discarded(Point(first.Key, 6)));
    }

    [Fact]
    public void A_stage_that_failed_ends_the_arm_where_it_is()
    {
        var failed = Ended(ArmCourse.Of(Arm, Plan(), Base, []).Next!, "half", 100) with { Outcome = StageOutcome.Failed, Reason = "It broke." };
        var course = ArmCourse.Of(Arm, Plan(), Base, [failed]);
        Assert.Equal((null, States.Ref("half"), StageOutcome.Failed, "It broke."), (course.Next, course.Last, course.Finished[0].Outcome, course.Finished[0].Reason));
    }

    [Fact]
    public void An_attempt_without_an_outcome_has_not_ended() => Assert.Throws<ArgumentException>(() =>
        ArmCourse.Of(Arm, Plan(), Base, [ArmCourse.Of(Arm, Plan(), Base, []).Next!]));

    private static StageState Ended(StageState begun, string policy, long spent) => begun with
    {
        Phase = StagePhase.End,
        Policy = States.Ref(policy),
        Iteration = 5,
        Ledger = begun.Ledger with { TrainedTokens = spent / 3, Updates = 5 },
        Outcome = StageOutcome.Completed,
        Reason = "The budget is spent.",
    };

    private static ValidatedCheckpoint Point(StageKey stage, int updates) => new()
    {
        Stage = stage,
        Updates = updates,
        Compute = 0,
        State = States.Ref("x"),
        Greedy = 1,
        Sampled = 1,
        Primary = 1,
        Item = WorkItemId.Of(stage, WorkKind.Validate, updates),
        Iteration = updates - 1,
        Problems = 1,
        Solved = [],
    };

    private static RunPlan Plan(GatePlan? gate = null)
    {
        var plan = PlayedStage.Of("""{ "method": "srl", "share": 1 }""", "x").Setting.Run;
        return plan with
        {
            Budget = new() { Amount = 1000 },
            Arms =
            [
                plan.Arms[0],
                new()
                {
                    Name = "srl-rlvr",
                    Stages = [plan.Arms[1].Stages[0] with { Share = 0.4, Gate = gate ?? new() }, new RlvrPlan { Share = 0.6 }],
                },
            ],
        };
    }
}
