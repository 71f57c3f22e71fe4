using System.Text.Json;
using CsCheck;
using Curriculum.Plans;
using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

/// <summary>What holds of every stage, whatever its method, its workers and its luck.</summary>
[Trait("Speed", "fast")]
public class StageMachineTests
{
    private static readonly string[] Stages =
    [
        """{ "method": "sft", "problemsPerIteration": 2, "updatesPerItem": 3, "checkpointEvery": 4 }""",
        """{ "method": "srl", "problemsPerIteration": 1, "rolloutItems": 1, "groupSize": 3, "admission": { "targetGroups": 2, "refillRounds": 2 }, "checkpointEvery": 2 }""",
        """{ "method": "rlvr", "problemsPerIteration": 3, "groupSize": 4, "admission": { "targetGroups": 2, "refillRounds": 3, "loneSuccess": { "action": "check", "samples": 2 } }, "checkpointEvery": 3 }""",
        """{ "method": "rlvr", "problemsPerIteration": 3, "groupSize": 4, "admission": { "targetGroups": 3, "refillRounds": 1 }, "profile": { "rollouts": 4, "againEvery": 2, "low": 0.1, "high": 0.9 }, "guards": { "window": 2, "regression": { "action": "roll-back", "minimumSolved": 1, "maximumShare": 0.3 } } }""",
        """{ "method": "expert-iteration", "problemsPerIteration": 3, "groupSize": 3, "admission": { "targetGroups": 1, "refillRounds": 2 }, "checkpointEvery": 2, "guards": { "regression": { "action": "stop", "minimumSolved": 1, "maximumShare": 0.2 } } }""",
        """{ "method": "best-of-n", "best": 2, "problemsPerIteration": 2, "groupSize": 5, "admission": { "targetGroups": 1, "refillRounds": 1 }, "checkpointEvery": 2 }""",
        """{ "method": "return-conditioned", "problemsPerIteration": 2, "groupSize": 3, "admission": { "targetGroups": 1, "refillRounds": 0 } }""",
    ];

    private static readonly Gen<PlayedStage> Any = Gen.Select(
        OneOf(Stages), Gen.String[Gen.Char.AlphaNumeric, 4, 8], Gen.Long[1, 4000], OneOf(0, 0, 0.02, 0.2), OneOf(0, 0.1, 0.4, 1),
        (stage, key, allowed, failing, success) => PlayedStage.Of(stage, key, allowed, failing, success));

    [Fact]
    public void It_always_ends_with_one_outcome_and_a_reason() => Any.Sample(stage =>
    {
        var last = stage.Play()[^1].State;
        Assert.Equal(StagePhase.End, last.Phase);
        Assert.NotNull(last.Outcome);
        Assert.NotEqual("", last.Reason);
        Assert.Empty(last.Awaited);
        Assert.Null(last.Open);
    }, iter: 300);

    [Fact]
    public void It_never_spends_beyond_its_allowance_by_more_than_an_iteration() => Any.Sample(stage =>
    {
        var before = 0L;
        foreach (var step in stage.Play())
        {
            // Work of a new iteration, a first round or an update without rollouts, is begun on what is left.
            var begins = step.Work.Any(
                item => item.Id.Kind is WorkKind.Pilot || item.Id is { Kind: WorkKind.Rollout, Round: 0 } || (item.Id.Kind == WorkKind.Update && step.State.Open is { RolloutItems: 0 }));
            if (begins)
                Assert.True(step.State.Ledger.SpentInAll(BudgetUnit.Compute) < step.State.Allowed);
            Assert.True(step.State.Ledger.SpentInAll(BudgetUnit.Compute) >= before);
            before = step.State.Ledger.SpentInAll(BudgetUnit.Compute);
        }
    }, iter: 300);

    [Fact]
    public void Results_in_any_order_and_a_step_taken_twice_or_from_what_was_stored_give_the_same_state() => Gen.Select(Any, Gen.Int[1, 1000]).Sample((stage, seed) =>
    {
        var random = new Random(seed);
        var (machine, state, results) = (new StageMachine(stage.Setting), stage.Begin, new Dictionary<WorkItemId, WorkResult>());
        for (var n = 0; n < 12 && state.Phase is StagePhase.Begin or StagePhase.Iterate or StagePhase.Sample or StagePhase.Update && state.Profile is null && state.Gathered is null; n++)
        {
            var awaited = state.Awaited.ToArray();
            var read = new StageReadings { Results = awaited.ToDictionary(one => one.Id, one => results[one.Id]) };
            random.Shuffle(awaited);
            var shuffled = new StageReadings { Results = awaited.ToDictionary(one => one.Id, one => results[one.Id]) };
            var stored = JsonSerializer.Deserialize(JsonSerializer.Serialize(state, TrainingJson.Default.StageState), TrainingJson.Default.StageState)!;
            var step = machine.Next(state, read);
            Assert.Equal(Text(step), Text(machine.Next(state, shuffled)), ignoreLineEndingDifferences: false);
            Assert.Equal(Text(step), Text(new StageMachine(stage.Setting).Next(stored, shuffled)));
            foreach (var item in step.Work)
                results[item.Id] = stage.Work(item);
            state = step.State;
        }
    }, iter: 150);

    [Fact]
    public void Every_result_that_is_awaited_is_that_of_an_item_that_was_sent_with_its_hash() => Any.Sample(stage =>
    {
        var sent = new Dictionary<WorkItemId, string>();
        foreach (var step in stage.Play())
        {
            foreach (var item in step.Work)
            {
                var hash = AwaitedResult.Of(item).InputHash;
                // An item is what its id says: asked for again, it is the same.
                Assert.Equal(hash, sent.GetValueOrDefault(item.Id, hash));
                sent[item.Id] = hash;
            }

            Assert.All(step.State.Awaited, awaited => Assert.Equal(sent[awaited.Id], awaited.InputHash));
        }
    }, iter: 100);

    [Fact]
    public void A_canceled_stage_begins_nothing_more_and_its_last_state_is_still_validated() => Gen.Select(Any, Gen.Int[1, 12]).Sample((stage, at) =>
    {
        var steps = stage.Play(state => state.Step >= at ? new(DesiredState.Cancel) : new());
        Assert.DoesNotContain(steps.Where(step => step.State.Step > at + 1), step => step.Work.Any(item => item.Id is { Kind: WorkKind.Rollout, Round: 0 }));
        var last = steps[^1].State;
        Assert.NotNull(last.Outcome);
        if (last.Ledger.Updates > 0 && stage.Failing == 0)
            Assert.NotNull(last.ValidationAccuracy);
    }, iter: 150);

    [Fact]
    public void A_paused_stage_waits_where_it_is_and_goes_on_to_the_same_end()
    {
        var stage = PlayedStage.Of(Stages[1], "pause");
        var paused = 0;
        var end = stage.Play(state => state.Phase == StagePhase.Update && paused++ < 5 ? new(DesiredState.Pause) : new())[^1].State;
        var plain = stage.Play()[^1].State;
        Assert.True(paused > 0);
        Assert.Equal(plain with { Step = 0, Directive = new() }, end with { Step = 0, Directive = new() }, new SameText());
    }

    [Fact]
    public void A_plain_iteration_takes_two_steps()
    {
        // No refill, no checkpoint, no guard that compares: rollouts and an update.
        var stage = PlayedStage.Of(
            """{ "method": "rlvr", "problemsPerIteration": 9, "groupSize": 6, "admission": { "targetGroups": 1 }, "checkpointEvery": 1000 }""", "plain", allowed: 100_000, success: 0.5);
        var steps = stage.Play();
        var iterations = steps.Count(step => step.Iterations.Count > 0);
        // Beside two steps for each there are the validations of the start and of the end.
        Assert.InRange(steps.Count - (2 * iterations), 1, 4);
        Assert.Equal(60, iterations);
        Assert.Equal(StageOutcome.StoppedByCap, steps[^1].State.Outcome);
    }

    [Fact]
    public void A_state_stays_small_whatever_the_number_of_iterations()
    {
        var sizes = PlayedStage.Of(Stages[2], "size", allowed: 1_000_000, success: 0.5).Play()
            .Select(step => JsonSerializer.SerializeToUtf8Bytes(step.State, TrainingJson.Default.StageState).Length).ToList();
        Assert.True(sizes.Count > 100);
        Assert.True(sizes.Max() < 8 * 1024, $"Expected at most 8 KiB, found {sizes.Max()}.");
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static string Text(StageStep step) =>
        JsonSerializer.Serialize(step.State, TrainingJson.Default.StageState) + string.Join('\n', step.Work.Select(item => JsonSerializer.Serialize(item, CurriculumJson.Default.WorkItem)));

    private sealed class SameText : IEqualityComparer<StageState>
    {
        public bool Equals(StageState? x, StageState? y) =>
            JsonSerializer.Serialize(x!, TrainingJson.Default.StageState) == JsonSerializer.Serialize(y!, TrainingJson.Default.StageState);

        public int GetHashCode(StageState obj) => 0;
    }
}
