using System.Text.Json;
using CsCheck;
using Curriculum.Admission;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

/// <summary>A stage that several items run, one share each, is the stage that one runs.</summary>
[Trait("Speed", "fast")]
public class ColocatedShareTests
{
    private static readonly string[] Stages =
    [
        """{ "method": "sft", "problemsPerIteration": 2, "updatesPerItem": 0, "checkpointEvery": 40 }""",
        """{ "method": "srl", "problemsPerIteration": 1, "rolloutItems": 0, "groupSize": 3, "admission": { "targetGroups": 2, "refillRounds": 2 }, "checkpointEvery": 2 }""",
        """{ "method": "rlvr", "problemsPerIteration": 3, "rolloutItems": 0, "groupSize": 4, "admission": { "targetGroups": 3, "refillRounds": 1 }, "profile": { "rollouts": 4, "againEvery": 2, "low": 0.1, "high": 0.9 }, "guards": { "window": 2, "regression": { "action": "stop", "minimumSolved": 1, "maximumShare": 0.3 } } }""",
        """{ "method": "expert-iteration", "problemsPerIteration": 3, "rolloutItems": 0, "groupSize": 3, "admission": { "targetGroups": 1, "refillRounds": 2 }, "checkpointEvery": 2 }""",
    ];

    private static readonly Gen<PlayedStage> Any = Gen.Select(
        Gen.Int[0, Stages.Length - 1], Gen.String[Gen.Char.AlphaNumeric, 4, 8], Gen.Long[1, 6000], Gen.Int[0, 2],
        (stage, key, allowed, failing) => PlayedStage.Of(Stages[stage], key, allowed, failing * 0.01));

    [Fact]
    public void Shares_give_the_records_validations_and_outcome_of_the_whole() => Any.Sample(stage =>
    {
        var whole = stage.Play().Aggregate((before, next) => next.After(before));
        var shares = Share(stage);
        var joined = shares.Aggregate((before, next) => next.After(before));
        Assert.Equal(Text(whole.Iterations), Text(joined.Iterations));
        Assert.Equal(whole.Validations.Select(Figures), joined.Validations.Select(Figures));
        Assert.Equal(whole.Points.Select(point => point.Ledger), joined.Points.Select(point => point.Ledger));
        Assert.Equal((whole.State.Outcome, whole.State.Reason, whole.State.Ledger, whole.State.Iteration), (joined.State.Outcome, joined.State.Reason, joined.State.Ledger, joined.State.Iteration));
        Assert.All(shares, share => Assert.InRange(share.Iterations.Count, 0, ColocatedShare.MostIterations));
    }, iter: 200);

    [Fact]
    public void A_share_ends_at_a_checkpoint_which_its_state_goes_on_from()
    {
        var shares = Share(PlayedStage.Of(Stages[1], "marks", allowed: 6000));
        Assert.True(shares.Count > 2);
        foreach (var share in shares.SkipLast(1))
        {
            Assert.Equal(StagePhase.Iterate, share.State.Phase);
            Assert.Equal(share.Kept[^1].Folder, share.State.Policy.Folder);
            Assert.Equal(2, share.Iterations.Count);
        }
    }

    [Fact]
    public void A_share_without_a_checkpoint_ends_after_32_iterations()
    {
        var shares = Share(PlayedStage.Of(Stages[0], "long", allowed: 100_000));
        Assert.Equal([32, 8], shares.Take(2).Select(share => share.Iterations.Count));
        Assert.Empty(shares[0].Kept);
    }

    /// <summary>What each item did, every one from what a worker reads of the storage: the task of its state and nothing else.</summary>
    private static List<StageStep> Share(PlayedStage stage)
    {
        var (profiles, batches, validations) = (new Dictionary<string, DifficultyProfile>(), new Dictionary<string, UpdateBatch>(), new Dictionary<string, ValidatedCheckpoint>());
        var (state, shares) = (stage.Begin, new List<StageStep>());
        while (state.Phase != StagePhase.End)
        {
            var task = Stored(ColocatedTask.Of(state, new()
            {
                Profile = state.Profile is { } drawn ? profiles[drawn.Blob] : null,
                Gathered = state.Gathered is { } gathered ? batches[gathered] : null,
                Best = state.Guards.BestValidation is { } best ? validations[best] : null,
            }));
            var run = new InProcessStage(stage.Work) { Directive = now => new(Rests: ColocatedShare.IsDone(task.State, now)) };
            var share = run.Run(stage.Setting, task.State, task.Readings).Aggregate((before, next) => next.After(before));
            foreach (var (name, profile) in share.Profiles)
                profiles[name] = profile;
            foreach (var (name, batch) in share.Gathered)
                batches[name] = batch;
            foreach (var validation in share.Validations)
                validations[validation.Blob] = validation;
            shares.Add(JsonSerializer.Deserialize(JsonSerializer.Serialize(share, TrainingJson.Default.StageStep), TrainingJson.Default.StageStep)!);
            state = shares[^1].State;
            Assert.True(shares.Count < 200, "Expected a stage that ends.");
        }

        return shares;
    }

    private static ColocatedTask Stored(ColocatedTask task) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(task, TrainingJson.Default.ColocatedTask), TrainingJson.Default.ColocatedTask)!;

    private static object Figures(ValidatedCheckpoint point) => (point.Updates, point.Iteration, point.Compute, point.Greedy, point.Sampled, string.Join(' ', point.Solved));

    private static string Text(IReadOnlyList<IterationRecord> records) => string.Join('\n', records.Select(record => JsonSerializer.Serialize(record, TrainingJson.Default.IterationRecord)));
}
