using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Execution;

[Trait("Speed", "fast")]
public sealed class WorkExecutorTests : IDisposable
{
    internal static readonly WorkItemId Id = WorkItemId.Parse("run/arm/1/0/0/0/0/0/rollout");
    internal static readonly StateRef State = new("runs", "state", "");
    private readonly WorkExecutor _executor = new(new());
    private readonly LoadedInputs _base = Base(1);

    [Fact]
    public void The_fingerprint_names_device_processor_libtorch_type_and_threads() =>
        Assert.Matches(@"^cpu;.+;libtorch 2\.\d+[\d.]*;float32;threads=1(;lanes)?$", _executor.Fingerprint);

    [Fact]
    public void A_rollout_gives_one_group_per_prompt_and_counts_every_forward_token()
    {
        var item = Rollout();
        var output = Assert.IsType<RolloutOutput>(Assert.IsType<ComputedOutput>(Execute(item, _base)).Output);

        Assert.Equal(item.Prompts.Select(prompt => (prompt.Problem.Id, prompt.Step)), output.Groups.Select(group => (group.ProblemId, group.Step)));
        Assert.All(output.Groups, group => Assert.Equal(4, group.Trajectories.Count));
        Assert.Equal(output.Groups.Sum(group => group.PromptTokens.Count + group.Trajectories.Sum(t => t.Tokens.Count)), output.ForwardTokens);
        Assert.All(output.Groups.SelectMany(group => group.Trajectories), t =>
        {
            Assert.Equal(t.Terminated, t.Text.EndsWith(';'));
            Assert.Equal(t.Terminated ? t.Reward : -1, t.Reward);
            Assert.Equal(t.Tokens.Count, t.LogProbs.Count);
        });
    }

    [Fact]
    public void The_same_item_gives_the_same_bytes_in_another_executor()
    {
        using WorkExecutor other = new(new());
        var first = (ComputedOutput)Execute(Rollout(), _base);
        var second = (ComputedOutput)other.Execute(Rollout(), Base(1), new CheckedProgress(), CancellationToken.None);
        Assert.Equal(Json(first.Output), Json(second.Output));
    }

    [Theory]
    [InlineData("evaluate", true)]
    [InlineData("validate", false)]
    [InlineData("probe", false)]
    public void An_evaluation_answers_each_problem_and_keeps_the_samples_of_a_benchmark(string kind, bool keeps)
    {
        EvaluateItem item = new()
        {
            Id = WorkItemId.Parse($"run/arm/1/0/0/0/0/0/{kind}"),
            Policy = State,
            Problems = Problems(5),
            Samples = 3,
            MaxNewTokens = 12,
            DrawKey = "evaluation",
        };
        var output = Assert.IsType<EvaluateOutput>(Assert.IsType<ComputedOutput>(Execute(item, _base)).Output);
        Assert.Equal(item.Problems.Select(problem => problem.Id), output.Answers.Select(answers => answers.ProblemId));
        Assert.All(output.Answers, answers => Assert.Equal(3, answers.Samples));
        Assert.All(output.Answers, answers => Assert.InRange(answers.MeanTokens, 1, 12));
        Assert.All(output.Answers, answers => Assert.Equal(keeps ? 3 : null, answers.Sampled?.Count));
        Assert.All(output.Answers, answers => Assert.Equal(keeps ? answers.SamplesCorrect : 0, answers.Sampled?.Count(sample => sample.Correct) ?? 0));
    }

    [Fact]
    public void A_text_scores_what_sampling_it_said()
    {
        var groups = ((RolloutOutput)((ComputedOutput)Execute(Rollout(), _base)).Output).Groups.Take(3).ToArray();
        var prompts = Rollout().Prompts;
        var family = ProblemFamilies.Get(TwoDials.FamilyName);
        ScoreItem item = new()
        {
            Id = Id,
            Policy = State,
            Texts = [.. groups.SelectMany((group, g) => group.Trajectories.Select((trajectory, t) =>
                new ScoredText($"{g}/{t}", [family.Prompt(prompts[g].Problem, prompts[g].Step!.Value), trajectory.Text])))],
        };
        var scored = ((ScoreOutput)((ComputedOutput)Execute(item, _base)).Output).Texts;

        // The sampler went token by token over its cache; the score is one pass over the whole text.
        var trajectories = groups.SelectMany(group => group.Trajectories.Select(trajectory => (group.PromptTokens, Trajectory: trajectory))).ToArray();
        Assert.Equal(item.Texts.Select(text => text.Key), scored.Select(text => text.Key));
        Assert.All(scored.Zip(trajectories), pair =>
        {
            Assert.Equal(pair.Second.PromptTokens.Count - 1, pair.First.Segments[0].Tokens);
            Assert.Equal(pair.Second.Trajectory.Tokens.Count, pair.First.Segments[1].Tokens);
            Assert.Equal(pair.Second.Trajectory.LogProbs.Sum(p => (double)p), pair.First.Segments[1].LogProb, 1e-3);
        });
    }

    [Fact]
    public void A_continuation_is_a_function_of_its_key_and_keeps_what_was_written()
    {
        ContinueItem item = new()
        {
            Id = Id,
            Policy = State,
            Prompts = [.. Problems(4).Select(problem => new ContinuePrompt(problem.Id, problem.Question[..8], '$'))],
            Samples = 2,
            MaxNewTokens = 10,
            DrawKey = "audit",
            Asked = false,
        };
        var all = ((ContinueOutput)((ComputedOutput)Execute(item, _base)).Output).Continuations;
        var last = ((ContinueOutput)((ComputedOutput)Execute(item with { Prompts = [item.Prompts[3]] }, _base)).Output).Continuations;
        Assert.Equal(item.Prompts.Select(prompt => prompt.Key), all.Select(continuation => continuation.Key));
        Assert.Equal((all[3].Greedy, string.Join(' ', all[3].Samples)), (last[0].Greedy, string.Join(' ', last[0].Samples)));
        Assert.All(all, continuation => Assert.All([continuation.Greedy, .. continuation.Samples], text => Assert.InRange(text.Length, 1, 10)));
        AssertFails(WorkFailedException.BadItem, item with { Prompts = [] }, _base);
        AssertFails(WorkFailedException.BadItem, item with { Prompts = [new("x", "what?", '$')] }, _base);
        AssertFails(WorkFailedException.BadItem, new ScoreItem { Id = Id, Policy = State, Texts = [new("x", ["7"])] }, _base);
    }

    [Fact]
    public void Updates_over_stored_states_equal_one_item_of_both_steps_bit_for_bit()
    {
        var batches = new[] { Batch("first"), Batch("second") };
        var both = (ComputedState)Execute(Update(fresh: true, 1, 0.5).On(batches), _base);
        var one = (ComputedState)Execute(Update(fresh: true, 1).On([batches[0]]), _base);
        var two = (ComputedState)Execute(Update(fresh: false, 0.5).On([batches[1]]), new(one.Over(_base), "one"));

        Assert.Equal([.. both.Parts.Keys.Order()], two.Parts.Keys.Order());
        Assert.All(both.Parts, part => Assert.Equal(part.Value.ToArray(), two.Parts[part.Key].ToArray()));
        Assert.NotEqual(both.Parts[StatePartNames.Policy].ToArray(), _base.StateParts[StatePartNames.Policy].ToArray());
        Assert.Contains("\"updates\":2", System.Text.Encoding.UTF8.GetString(two.Parts[StatePartNames.Counters].ToArray()), StringComparison.Ordinal);
        Assert.Equal(State, two.ToOutput(State).State);
        // A prompt counts once for the sequences that are computed together with it.
        var prompts = batches[1].Sampled.DistinctBy(s => string.Join(' ', s.PromptTokens)).Sum(s => s.PromptTokens.Count);
        Assert.Equal(prompts + batches[1].Sampled.Sum(s => s.Tokens.Count), two.ToOutput(State).TrainedTokens);
    }

    [Fact]
    public void A_likelihood_learns_what_it_is_shown()
    {
        UpdateBatch shown = BatchBuilder.OfDemonstrations(Problems(3));
        var item = Update(fresh: true, [.. Enumerable.Repeat(1.0, 12)]) with { LossKind = LossKind.Likelihood, Optimizer = new() { LearningRate = 1e-2 } };
        var first = (ComputedState)Execute((Update(fresh: true, 1) with { LossKind = LossKind.Likelihood }).On([shown]), _base);
        var all = (ComputedState)Execute(item.On([.. Enumerable.Repeat(shown, 12)]), _base);
        Assert.True(all.Metrics.Loss < first.Metrics.Loss - 0.3, $"{all.Metrics.Loss} against {first.Metrics.Loss}");
    }

    [Fact]
    public void Pretraining_is_a_function_of_its_plan()
    {
        PretrainItem item = new() { Id = Id, OutputFolder = "", Plan = new() { Updates = 3, Rows = 4, Seed = 7 } };
        var first = (ComputedState)Execute(item, LoadedInputs.None);
        var second = (ComputedState)Execute(item, LoadedInputs.None);
        Assert.All(first.Parts, part => Assert.Equal(part.Value.ToArray(), second.Parts[part.Key].ToArray()));
        Assert.Equal(3, first.Metrics.OptimizerSteps);
    }

    [Fact]
    public void A_spoiled_or_missing_part_is_a_corrupt_state()
    {
        var spoiled = _base.StateParts.ToDictionary();
        spoiled[StatePartNames.Policy] = spoiled[StatePartNames.Policy].Slice(0, 1000);
        AssertFails(WorkFailedException.CorruptState, Rollout(), new(spoiled, "spoiled"));
        AssertFails(WorkFailedException.CorruptState, Rollout(), LoadedInputs.None);
        AssertFails(WorkFailedException.CorruptState, Update(fresh: false, 1).On([Batch("b")]), _base);
    }

    [Fact]
    public void What_cannot_be_done_is_a_bad_item()
    {
        AssertFails(WorkFailedException.BadItem, Rollout() with { Prompts = [] }, _base);
        AssertFails(WorkFailedException.BadItem, Rollout() with { Prompts = [new() { Problem = Problems(1)[0] with { Question = "two and two?" } }] }, _base);
        AssertFails(WorkFailedException.BadItem, Rollout() with { Reward = new() }, _base);
        AssertFails(WorkFailedException.BadItem, Update(fresh: true, 1), _base);
        AssertFails(WorkFailedException.BadItem, Update(fresh: true, 1).On([new()]), _base);
        AssertFails(WorkFailedException.BadItem, Update(fresh: true, 1).On([BatchBuilder.OfDemonstrations(Problems(1))]), _base);
        var outside = Batch("b");
        AssertFails(WorkFailedException.BadItem, Update(fresh: true, 1).On([new() { Sampled = [outside.Sampled[0] with { PromptTokens = [35] }] }]), _base);
    }

    // A policy that has not changed since it drew: ratios of 1, no divergence, whatever the temperature; at another one they would be others.
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void An_update_and_a_reference_count_probabilities_as_the_rollout_recorded_them(double temperature)
    {
        var rollout = Rollout() with { Temperature = temperature, Reference = State, GroupSize = 2 };
        var groups = ((RolloutOutput)((ComputedOutput)Execute(rollout, _base with { Reference = _base })).Output).Groups;
        Assert.All(groups.SelectMany(group => group.Trajectories), trajectory =>
            Assert.All(trajectory.LogProbs.Zip(trajectory.ReferenceLogProbs!), pair => Assert.Equal(pair.First, pair.Second, 1e-4f)));
        UpdateBatch batch = new()
        {
            Sampled = [.. groups.Take(2).SelectMany(group => group.Trajectories.Select(trajectory => new SampledSequence
            {
                PromptTokens = group.PromptTokens,
                Tokens = trajectory.Tokens,
                Advantages = [.. trajectory.Tokens.Select(_ => 1f)],
                OldLogProbs = trajectory.LogProbs,
                ReferenceLogProbs = trajectory.ReferenceLogProbs,
            }))],
        };
        UpdateMetrics Metrics(double at) => ((ComputedState)Execute(
            (Update(fresh: true, 1) with { Temperature = at, Loss = new() { Clipping = false, KlWeight = 0.1 } }).On([batch]), _base)).Metrics;
        Assert.Equal((-1, 0), (Math.Round(Metrics(temperature).Loss, 4), Math.Round(Metrics(temperature).Divergence!.Value, 6)));
        Assert.True(Metrics(temperature * 1.5).Divergence > 0.001);
    }

    [Fact]
    public void An_advantage_that_is_not_finite_is_named_as_such()
    {
        var batch = Batch("b");
        var spoiled = batch.Sampled[0] with { Advantages = [.. batch.Sampled[0].Advantages.Select(_ => float.NaN)] };
        AssertFails(WorkFailedException.NonFinite, Update(fresh: true, 1).On([new() { Sampled = [spoiled] }]), _base);
    }

    [Fact]
    public void A_canceled_item_ends_at_the_next_mark()
    {
        using CancellationTokenSource source = new();
        source.Cancel();
        Assert.Throws<OperationCanceledException>(() => _executor.Execute(Rollout(), _base, new CheckedProgress(), source.Token));
    }

    [Fact]
    public void A_device_that_is_not_there_is_refused() => Assert.Throws<ArgumentException>(() => new WorkExecutor(new() { Device = "tpu" }));

    public void Dispose() => _executor.Dispose();

    internal static LoadedInputs Base(int seed)
    {
        set_num_threads(1);
        var config = PolicyConfig.Small(TwoDials.Characters);
        using var weights = PolicyWeights.Random(config, seed, CPU);
        return new(
            new Dictionary<string, StoredBytes> { [StatePartNames.Config] = config.ToBytes(), [StatePartNames.Policy] = weights.ToSafetensors() },
            $"base {seed}");
    }

    internal static IReadOnlyList<Problem> Problems(int count) =>
        new TwoDials().Create(new() { Family = TwoDials.FamilyName, Count = count, Seed = 5002, Difficulty = [4, 8] }, null);

    internal static RolloutItem Rollout() => new()
    {
        Id = Id,
        Policy = State,
        Prompts = [.. Problems(2).SelectMany(StepInstances.Of)],
        GroupSize = 4,
        Temperature = 1,
        MaxNewTokens = 24,
        Reward = new() { Kind = RewardKind.StepSimilarity },
        DrawKey = "draws",
    };

    private UpdateBatch Batch(string key)
    {
        var output = (RolloutOutput)((ComputedOutput)Execute(Rollout() with { DrawKey = key }, _base)).Output;
        var batch = BatchBuilder.OfGroups(output.Groups.Take(4), new());
        return new() { Sampled = [.. batch.Sampled.Select((s, i) => s with { Advantages = [.. s.Advantages.Select(_ => i % 2 == 0 ? 1f : -1f)] })] };
    }

    internal static UpdateItem Update(bool fresh, params double[] factors) => new()
    {
        Id = Id,
        State = State,
        OutputFolder = "next",
        Steps = [.. factors.Select(factor => new UpdateStep(new(), factor))],
        LossKind = LossKind.PolicyGradient,
        Loss = new(),
        Temperature = 1,
        Optimizer = new() { Matrices = OptimizerKind.Muon },
        MaxNewTokens = 24,
        FreshOptimizer = fresh,
    };

    private ExecutionResult Execute(WorkItem item, LoadedInputs inputs) => _executor.Execute(item, inputs, new CheckedProgress(), CancellationToken.None);

    private void AssertFails(string kind, WorkItem item, LoadedInputs inputs) =>
        Assert.Equal(kind, Assert.Throws<WorkFailedException>(() => Execute(item, inputs)).Kind);

    private static string Json(WorkOutput output) => System.Text.Json.JsonSerializer.Serialize(output, CurriculumJson.Default.WorkOutput);

    internal sealed class CheckedProgress : IProgress<double>
    {
        public void Report(double value) => Assert.InRange(value, 0, 1);
    }
}
