using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Execution;

/// <summary>Items that do not fit into a worker's memory, and the same items where they do.</summary>
[Trait("Speed", "fast")]
public sealed class MemoryLimitTests
{
    private static readonly PolicyConfig Config = PolicyConfig.Small(TwoDials.Characters) with { HiddenSize = 256 };
    private static readonly int PolicyMegabytes = (int)(new PolicyLayout(Config).Length * 4 >> 20) + 1;
    private readonly LoadedInputs _base = Base(1);

    [Fact]
    public void An_update_is_refused_for_a_sequence_longer_than_a_micro_batch()
    {
        MemoryPlan memory = new() { MicroBatchTokens = 8 };
        var fits = (int)(MemoryEstimate.OfUpdate(Config, Precision.Float32, null, memory).Total >> 20) + 1;
        var item = WorkExecutorTests.Update(fresh: true, 1) with { LossKind = LossKind.Likelihood, Memory = memory, Optimizer = new() };
        var problem = WorkExecutorTests.Problems(1)[0];
        UpdateItem Of(int tokens) => item.On([new() { Written = [new(problem.Question[..4], new('1', tokens))] }]);

        Assert.IsType<ComputedState>(Execute(fits, Of(4), _base));
        Assert.Contains("Expected an update that fits into", Refusal(fits, Of(200), _base), StringComparison.Ordinal);
        Assert.IsType<ComputedState>(Execute(fits + 40, Of(200), _base));
        Assert.Contains("maxNewTokens lower", Refusal(1, Of(4), _base), StringComparison.Ordinal);
    }

    [Fact]
    public void A_rollout_is_refused_for_its_completions_with_what_would_make_it_smaller()
    {
        var item = WorkExecutorTests.Rollout();
        var refused = Refusal(PolicyMegabytes + 3, item, _base);
        Assert.Contains($"Expected a rollout of {item.Prompts.Count * item.GroupSize} completions at once to fit into the", refused, StringComparison.Ordinal);
        Assert.Contains("Raise rolloutItems, lower groupSize", refused, StringComparison.Ordinal);
        Assert.IsType<ComputedOutput>(Execute(PolicyMegabytes + 3, item with { Prompts = [item.Prompts[0]], GroupSize = 2 }, _base));
        Assert.IsType<ComputedOutput>(Execute(PolicyMegabytes + 100, item, _base));
    }

    [Fact]
    public void A_reference_counts_beside_the_policy_and_makes_room_for_the_next_item()
    {
        var plain = WorkExecutorTests.Rollout();
        plain = plain with { Prompts = [plain.Prompts[0]], GroupSize = 2 };
        var item = plain with { Reference = WorkExecutorTests.State };
        var inputs = _base with { Reference = Base(2) };
        Assert.Contains("Expected a policy and its reference that fit", Refusal(PolicyMegabytes + 3, item, inputs), StringComparison.Ordinal);

        // Scores of the reference go through at once in micro-batches of 2,048 tokens.
        var scores = (int)(MemoryEstimate.OfScoring(Config, Precision.Float32, new MemoryPlan().MicroBatchTokens).Activations >> 20) + 1;
        using WorkExecutor executor = new(new() { MemoryMegabytes = 2 * PolicyMegabytes + scores });
        Assert.IsType<ComputedOutput>(Execute(executor, item, inputs));
        Assert.IsType<ComputedOutput>(Execute(executor, plain with { GroupSize = 20 }, Base(3)));
        Assert.Contains("a rollout of 2 completions", Refusal(2 * PolicyMegabytes + scores / 2, item, inputs), StringComparison.Ordinal);
        Assert.Contains("a rollout of 2 completions", Refusal(PolicyMegabytes + 3, plain with { Values = true }, _base), StringComparison.Ordinal);
    }

    [Fact]
    public void Evaluations_continuations_and_scorings_are_refused_alike()
    {
        EvaluateItem evaluation = new() { Id = WorkExecutorTests.Id, Policy = WorkExecutorTests.State, Problems = WorkExecutorTests.Problems(20), Samples = 3, MaxNewTokens = 40, DrawKey = "e" };
        ContinueItem continuing = new()
        {
            Id = WorkExecutorTests.Id,
            Policy = WorkExecutorTests.State,
            Prompts = [.. WorkExecutorTests.Problems(20).Select(problem => new ContinuePrompt(problem.Id, problem.Question[..8], '$'))],
            Samples = 3,
            MaxNewTokens = 60,
            DrawKey = "c",
            Asked = false,
        };
        ScoreItem scoring = new() { Id = WorkExecutorTests.Id, Policy = WorkExecutorTests.State, Texts = [new("long", [new string('1', 900)])] };
        Assert.Contains("an evaluation of 80 completions", Refusal(PolicyMegabytes + 3, evaluation, _base), StringComparison.Ordinal);
        Assert.Contains("continuations of 80 completions", Refusal(PolicyMegabytes + 3, continuing, _base), StringComparison.Ordinal);
        Assert.Contains("the scoring of 1 texts", Refusal(PolicyMegabytes + 3, scoring, _base), StringComparison.Ordinal);
        foreach (var item in (WorkItem[])[evaluation, continuing, scoring])
            Assert.IsType<ComputedOutput>(Execute(PolicyMegabytes + 100, item, _base));
        Assert.Contains("Expected a policy that fits", Refusal(1, evaluation, _base), StringComparison.Ordinal);
    }

    private static string Refusal(int megabytes, WorkItem item, LoadedInputs inputs)
    {
        var refused = Assert.Throws<WorkFailedException>(() => Execute(megabytes, item, inputs));
        Assert.Equal(WorkFailedException.TooLarge, refused.Kind);
        return refused.Message;
    }

    private static ExecutionResult Execute(int megabytes, WorkItem item, LoadedInputs inputs)
    {
        using WorkExecutor executor = new(new() { MemoryMegabytes = megabytes });
        return Execute(executor, item, inputs);
    }

    private static ExecutionResult Execute(WorkExecutor executor, WorkItem item, LoadedInputs inputs) =>
        executor.Execute(item, inputs, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);

    private static LoadedInputs Base(int seed)
    {
        set_num_threads(1);
        using var weights = PolicyWeights.Random(Config, seed, CPU);
        return new(
            new Dictionary<string, StoredBytes> { [StatePartNames.Config] = Config.ToBytes(), [StatePartNames.Policy] = weights.ToSafetensors() },
            $"wide {seed}");
    }
}
