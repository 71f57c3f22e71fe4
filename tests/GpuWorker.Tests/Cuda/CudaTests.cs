using Curriculum.Admission;
using Curriculum.Draws;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Tests.Execution;
using GpuWorker.Tests.Policies;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Cuda;

/// <summary>A device with CUDA against the CPU, and against itself. Skipped where there is none or libtorch is the CPU's.</summary>
[Trait("Speed", "fast")]
public sealed class CudaTests
{
    private readonly Device _device;

    public CudaTests()
    {
        Assert.SkipUnless(cuda.is_available(), "No CUDA device here, or a libtorch for CPUs.");
        set_num_threads(1);
        NoGcRegion.Renew();
        _device = ComputeDevice.Open("cuda");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Logits_and_greedy_tokens_are_the_references(int index)
    {
        using var weights = LlamaParityTests.Load(_device);
        var expected = LlamaParityTests.Cases()[index];
        LlamaParityTests.AssertClose(expected.Logits, LlamaParityTests.LogitsAfter(weights, expected.Prompt));
        var completion = Assert.Single(new CompletionGenerator(weights).Generate([new(expected.Prompt, -1, [null])], expected.Greedy.Length, 1, _ => { })[0]);
        Assert.Equal(expected.Greedy, completion.Tokens);
    }

    [Fact]
    public void Prompts_of_different_lengths_in_one_batch_continue_as_each_alone()
    {
        using var weights = LlamaParityTests.Load(_device);
        var cases = LlamaParityTests.Cases();
        var together = new CompletionGenerator(weights).Generate([.. cases.Select(some => new GenerationPrompt(some.Prompt, -1, [null]))], 60, 1, _ => { });
        foreach (var (some, completions) in cases.Zip(together))
            Assert.Equal(some.Greedy[..60], completions[0].Tokens);
    }

    [Fact]
    public void Rollouts_repeat_bit_for_bit_and_draw_what_the_CPU_draws()
    {
        using WorkExecutor onCuda = new(new() { Device = "cuda" });
        using WorkExecutor onCpu = new(new());
        RolloutOutput Roll(WorkExecutor executor) =>
            (RolloutOutput)((ComputedOutput)executor.Execute(WorkExecutorTests.Rollout(), WorkExecutorTests.Base(1), new WorkExecutorTests.CheckedProgress(), CancellationToken.None)).Output;
        var (first, second, cpu) = (Roll(onCuda), Roll(onCuda), Roll(onCpu));
        Assert.Equal(Json(first), Json(second));
        foreach (var (here, there) in first.Groups.SelectMany(group => group.Trajectories).Zip(cpu.Groups.SelectMany(group => group.Trajectories)))
        {
            Assert.Equal(there.Tokens, here.Tokens);
            Assert.All(there.LogProbs.Zip(here.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }
    }

    [Theory]
    [InlineData(LossKind.Likelihood, OptimizerKind.AdamW)]
    [InlineData(LossKind.PolicyGradient, OptimizerKind.Muon)]
    public void Updates_repeat_bit_for_bit(LossKind kind, OptimizerKind matrices)
    {
        using WorkExecutor executor = new(new() { Device = "cuda" });
        var start = WorkExecutorTests.Base(1);
        var batch = kind == LossKind.Likelihood
            ? BatchBuilder.OfDemonstrations(WorkExecutorTests.Problems(16))
            : Sampled(executor, start);
        var item = WorkExecutorTests.Update(fresh: true, 1, 1, 1, 1) with { LossKind = kind, Optimizer = new() { Matrices = matrices } };
        ComputedState Train() =>
            (ComputedState)executor.Execute(item.On([batch, batch, batch, batch]), start, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);
        var (first, second) = (Train(), Train());
        Assert.Equal(first.Parts.Keys.Order(), second.Parts.Keys.Order());
        Assert.All(first.Parts, part => Assert.Equal(part.Value.ToArray(), second.Parts[part.Key].ToArray()));
        Assert.NotEqual(start.StateParts[StatePartNames.Policy].ToArray(), first.Parts[StatePartNames.Policy].ToArray());
    }

    [Theory]
    [InlineData(Precision.Float32, false, false)]
    [InlineData(Precision.Float32, true, false)]
    [InlineData(Precision.BFloat16, false, false)]
    [InlineData(Precision.BFloat16, true, true)]
    [InlineData(Precision.Float32, false, true)]
    public void Gradients_are_the_CPUs_and_repeat_bit_for_bit(Precision precision, bool adapter, bool recompute)
    {
        var rows = Rows();
        float[] Gradient(Device device)
        {
            using var policy = PolicyWeights.Random(
                QwenTests.Family("qwen3", true, false), 3, device, precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
            if (adapter)
            {
                policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = 2, Alpha = 4, TargetModules = LoraConfig.AllTargets }, 5, device));
                // Factors that start at zero would leave the others without a gradient.
                using var none = no_grad();
                policy.Trainable.Flat.add_(0.05);
            }

            using PolicyOptimizer optimizer = new(policy, new());
            using ValueHead values = new(policy.Config.HiddenSize, device, ScalarType.Float32);
            using Trainer trainer = new(policy, optimizer, LossKind.PolicyGradient, new(), 40, values) { Memory = new() { RecomputeActivations = recompute, MicroBatchTokens = 256 } };
            trainer.Accumulate(rows, _ => { });
            using var onCpu = policy.Gradient!.cpu();
            return onCpu.data<float>().ToArray();
        }

        var (cpu, first, second) = (Gradient(CPU), Gradient(_device), Gradient(_device));
        Assert.Equal(first, second);
        var apart = Norm([.. cpu.Zip(first, (a, b) => a - b)]) / Norm(cpu);
        Assert.True(apart < (precision == Precision.BFloat16 ? 0.05 : 1e-4), $"Gradients differ by {apart} of their norm.");
    }

    [Fact]
    public void Draws_from_a_large_vocabulary_are_the_CPUs()
    {
        using var scope = NewDisposeScope();
        using Generator generator = new(7);
        var logits = randn([24, 151_936], generator: generator) * 3;
        double?[] uniforms = [.. Enumerable.Range(0, 24).Select(row => row % 4 == 0 ? (double?)null : row / 24.0)];
        var (here, there) = (TokenSampler.Choose(logits.to(_device), 0.8, uniforms), TokenSampler.Choose(logits, 0.8, uniforms));
        Assert.Equal(there.Select(drawn => drawn.Token), here.Select(drawn => drawn.Token));
        Assert.All(there.Zip(here), pair => Assert.Equal(pair.First.LogProb, pair.Second.LogProb, 1e-4f));
    }

    [Fact]
    public void The_device_is_named_its_memory_known_and_another_refused()
    {
        ComputeOptions options = new() { Device = "cuda" };
        Assert.Matches(@"^cuda;.+;libtorch 2\.\d+[\d.]*;float32;threads=1$", NumericsFingerprint.Of(options));
        Assert.Equal(NumericsFingerprint.Of(options), NumericsFingerprint.Of(options with { Device = "cuda:0" }));
        Assert.InRange(MemoryLimit.Of(options), 1L << 30, 1L << 42);
        Assert.Contains(CudaDriver.Name(0), ComputeDevice.Describe(options), StringComparison.Ordinal);
        Assert.Contains("found", Assert.Throws<ArgumentException>(() => ComputeDevice.Open("cuda:99")).Message, StringComparison.Ordinal);
        TestContext.Current.TestOutputHelper?.WriteLine(ComputeDevice.Describe(options));
    }

    private static UpdateBatch Sampled(WorkExecutor executor, LoadedInputs start)
    {
        var output = (RolloutOutput)((ComputedOutput)executor.Execute(WorkExecutorTests.Rollout(), start, new WorkExecutorTests.CheckedProgress(), CancellationToken.None)).Output;
        var batch = BatchBuilder.OfGroups(output.Groups, new());
        return new() { Sampled = [.. batch.Sampled.Select((s, i) => s with { Advantages = [.. s.Advantages.Select(_ => i % 2 == 0 ? 1f : -1f)] })] };
    }

    // 48 rows of up to 60 tokens of a vocabulary of 11: each embedding's gradient is a sum over hundreds of places.
    private static TrainingRow[] Rows() => [.. Enumerable.Range(0, 48).Select(row =>
    {
        var random = KeyedRandom.Stream($"cuda/{row}");
        int[] tokens = [.. Enumerable.Range(0, 20 + random.NextInt(40)).Select(_ => random.NextInt(11))];
        var predicted = tokens.Length - 1;
        return new TrainingRow(tokens, 1, [.. Enumerable.Range(0, predicted).Select(_ => row % 2 == 0 ? 1f : -0.5f)], [.. Enumerable.Range(0, predicted).Select(_ => -2.4f)])
        {
            Returns = [.. Enumerable.Range(0, predicted).Select(_ => row % 3 / 2f)],
        };
    })];

    private static double Norm(float[] values) => Math.Sqrt(values.Sum(value => (double)value * value));

    private static string Json(WorkOutput output) => System.Text.Json.JsonSerializer.Serialize(output, CurriculumJson.Default.WorkOutput);
}
