using Curriculum.Guards;
using Curriculum.Plans;

namespace Curriculum.Tests.Guards;

[Trait("Speed", "fast")]
public sealed class TextGuardsTests
{
    private static readonly GuardsPlan Plan = new() { Window = 2 };

    private static readonly TextFigures Sound = new()
    {
        Completions = 128,
        MeanTokens = 50,
        NgramRepetition = 0.1,
        BlockRepetition = 0,
        Skipped = 0.1,
        RewardedSkipped = 0.1,
        BareAnswers = 0.05,
        WellFormed = 1,
    };

    [Fact]
    public void Nothing_fires_on_what_stays_as_it_was() => Assert.Empty(Run(Enumerable.Repeat(Sound, 20)));

    [Fact]
    public void A_length_below_the_share_of_the_first_iterations_fires_once_at_the_iteration_that_brings_the_mean_there()
    {
        // Reference 50, so the limit is 25: means of two are 50, 37, 24.5 at the fourth iteration, index 3.
        var alarm = Assert.Single(Run([Sound, Sound, Sound with { MeanTokens = 24 }, Sound with { MeanTokens = 25 }, Sound with { MeanTokens = 1 }]));
        Assert.Equal((GuardKind.LengthCollapse, 3, 24.5, 25.0), (alarm.Guard, alarm.Iteration, alarm.Value, alarm.Limit));
        Assert.Equal("The mean length in tokens is 24.5 over 2 iterations; the least allowed is 25.", alarm.Message);
    }

    [Fact]
    public void Rises_are_held_against_the_stage_s_own_start()
    {
        // A family that repeats and skips much from the start is no alarm; 0.2 more than that is.
        var terse = Sound with { NgramRepetition = 0.5, Skipped = 0.6, RewardedSkipped = 0.2, BareAnswers = 0.4 };
        Assert.Empty(Run([terse, terse, terse]));
        Assert.Equal([GuardKind.NgramRepetition], Kinds([terse, terse, terse with { NgramRepetition = 0.71 }, terse with { NgramRepetition = 0.71 }]));
        Assert.Equal([GuardKind.SkippedComputation], Kinds([terse, terse, terse with { Skipped = 0.81 }, terse with { Skipped = 0.81 }]));
        Assert.Equal([GuardKind.SkippedComputation], Kinds([terse, terse, terse with { BareAnswers = 0.61 }, terse with { BareAnswers = 0.61 }]));
    }

    [Fact]
    public void What_is_rewarded_and_block_repetition_are_held_against_fixed_limits_as_soon_as_there_is_a_window()
    {
        Assert.Equal([GuardKind.SkippedComputation], Kinds([Sound with { RewardedSkipped = 0.5 }, Sound]));
        Assert.Equal([GuardKind.BlockRepetition], Kinds([Sound with { BlockRepetition = 0.05 }, Sound]));
        Assert.Empty(Run([Sound with { RewardedSkipped = 0.9, BlockRepetition = 0.9 }]));
    }

    [Fact]
    public void A_group_reward_without_any_rewarded_completion_is_no_alarm() =>
        Assert.Empty(Run(Enumerable.Repeat(Sound with { RewardedSkipped = null, Skipped = null, BareAnswers = null }, 5)));

    [Fact]
    public void A_guard_that_is_off_stays_silent_and_an_action_is_carried_by_the_alarm()
    {
        var collapsed = new[] { Sound, Sound, Sound with { MeanTokens = 1 }, Sound with { MeanTokens = 1 } };
        Assert.Empty(Run(collapsed, Plan with { LengthCollapse = new() { Action = GuardAction.Off } }));
        Assert.Equal(GuardAction.RollBack, Assert.Single(Run(collapsed, Plan with { LengthCollapse = new() { Action = GuardAction.RollBack } })).Action);
    }

    [Fact]
    public void After_a_roll_back_the_reference_stays_and_the_guard_can_fire_again()
    {
        var state = new GuardState();
        foreach (var figures in new[] { Sound, Sound, Sound with { MeanTokens = 10 }, Sound with { MeanTokens = 10 } })
            state = TextGuards.OnIteration(Plan, state, figures, 0, 0).State;
        Assert.Single(state.Alarms);

        state = state.RolledBack();
        Assert.Empty(state.Alarms);
        state = TextGuards.OnIteration(Plan, state, Sound with { MeanTokens = 10 }, 1, 0).State;
        Assert.Equal(50, state.Reference!.MeanTokens);
        var again = TextGuards.OnIteration(Plan, state, Sound with { MeanTokens = 10 }, 1, 1);
        Assert.Equal((1, 1), (Assert.Single(again.Alarms).Attempt, again.Alarms[0].Iteration));
    }

    [Fact]
    public void A_validation_is_held_against_the_stage_s_first()
    {
        var first = TextGuards.OnValidation(Plan, new(), Sound, 0, -1);
        Assert.Empty(first.Alarms);
        var second = TextGuards.OnValidation(Plan, first.State, Sound with { MeanTokens = 20 }, 0, 9);
        Assert.Equal((GuardKind.LengthCollapse, 9), (Assert.Single(second.Alarms).Guard, second.Alarms[0].Iteration));
    }

    [Fact]
    public void The_state_stays_of_bounded_size()
    {
        var state = new GuardState();
        for (var iteration = 0; iteration < 100; iteration++)
            state = TextGuards.OnIteration(Plan, state, Sound with { MeanTokens = 50 - (iteration / 2.0), BlockRepetition = 1 }, 0, iteration).State;
        Assert.Equal(2, state.Recent.Count);
        Assert.Equal(2, state.Alarms.Count);
    }

    private static IEnumerable<GuardKind> Kinds(IEnumerable<TextFigures> iterations) => Run(iterations).Select(alarm => alarm.Guard);

    private static List<GuardAlarm> Run(IEnumerable<TextFigures> iterations, GuardsPlan? plan = null)
    {
        var (state, alarms) = (new GuardState(), new List<GuardAlarm>());
        foreach (var (figures, iteration) in iterations.Select((figures, iteration) => (figures, iteration)))
        {
            var judged = TextGuards.OnIteration(plan ?? Plan, state, figures, 0, iteration);
            state = judged.State;
            alarms.AddRange(judged.Alarms);
        }

        return alarms;
    }
}
