using Curriculum.Plans;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using GpuWorker.Tests.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Training;

/// <summary>Micro-batches, recomputed activations, coarse parameters, and what they are estimated to take.</summary>
[Trait("Speed", "fast")]
public sealed class MemoryTests
{
    public MemoryTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Recomputed_activations_give_the_same_parameters_bit_for_bit(bool adapter)
    {
        byte[] Trained(bool recompute)
        {
            using var policy = PolicyWeights.Random(QwenTests.Family("qwen3", true, false), 3, CPU);
            if (adapter)
                policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = 2, Alpha = 4, TargetModules = LoraConfig.AllTargets }, 5, CPU));
            PolicyAdapterTests.Train(policy, steps: 3, new() { RecomputeActivations = recompute });
            return (policy.Adapter?.ToSafetensors() ?? policy.ToSafetensors()).ToArray();
        }

        Assert.Equal(Trained(false), Trained(true));
    }

    [Theory]
    [InlineData(Precision.Float32)]
    [InlineData(Precision.BFloat16)]
    public void Gradients_of_many_small_micro_batches_sum_to_those_of_one(Precision precision)
    {
        float[] Gradient(int tokens)
        {
            using var policy = PolicyWeights.Random(
                QwenTests.Family("qwen2", false, false), 3, CPU, precision == Precision.BFloat16 ? ScalarType.BFloat16 : ScalarType.Float32);
            using GpuWorker.Training.PolicyOptimizer optimizer = new(policy, new());
            using GpuWorker.Training.Trainer trainer = new(policy, optimizer, Curriculum.Work.LossKind.Likelihood, new(), 8) { Memory = new() { MicroBatchTokens = tokens } };
            trainer.Accumulate([new([1, 2, 3, 4, 5], 2, [1, 1, 1], null), new([2, 7, 1, 8], 1, [1, 1, 1], null), new([3, 3], 1, [1], null)], _ => { });
            Assert.Equal(ScalarType.Float32, policy.Gradient!.dtype);
            return policy.Gradient.data<float>().ToArray();
        }

        var (one, many) = (Gradient(2048), Gradient(1));
        var scale = one.Max(Math.Abs);
        Assert.True(scale > 0);
        Assert.All(one.Zip(many), pair => Assert.Equal(pair.First, pair.Second, scale * (precision == Precision.BFloat16 ? 2e-2f : 1e-5f)));
    }

    [Fact]
    public void Steps_too_small_for_bfloat16_add_up_in_the_optimizers_originals()
    {
        // Adam's first step is the rate itself, 1e-5, against a spacing of 2^-9 = 0.002 between bfloat16 numbers near 0.25 to 0.5.
        using var policy = PolicyWeights.Random(QwenTests.Family("llama", true, false), 3, CPU, ScalarType.BFloat16);
        using (no_grad())
            policy.Flat.fill_(0.3);
        var before = policy.ToSafetensors().ToArray();
        using GpuWorker.Training.PolicyOptimizer optimizer = new(policy, new() { LearningRate = 1e-5, GradientClip = 1e9 });
        for (var step = 0; step < 3; step++)
        {
            policy.Gradient!.fill_(1);
            optimizer.Step(1);
        }

        Assert.Equal(before, policy.ToSafetensors().ToArray());
        using GpuWorker.Training.PolicyOptimizer next = new(policy, new() { LearningRate = 1e-5, GradientClip = 1e9 });
        next.Load(optimizer.Save());
        for (var step = 0; step < 400; step++)
        {
            policy.Gradient!.fill_(1);
            next.Step(1);
        }

        // bfloat16 of 0.3 is 0.30078125; 403 steps of 1e-5 below it lies 0.2967, which rounds to 0.296875.
        Assert.Equal(0.296875f, policy.Flat.to(ScalarType.Float32).data<float>()[0]);
    }

    [Fact]
    public void A_bfloat16_policy_learns_and_its_checkpoint_is_half_as_large()
    {
        using var coarse = PolicyWeights.Random(QwenTests.Family("qwen3", true, false), 3, CPU, ScalarType.BFloat16);
        using var fine = PolicyWeights.Random(QwenTests.Family("qwen3", true, false), 3, CPU);
        Assert.True(coarse.ToSafetensors().Length < fine.ToSafetensors().Length * 0.7);
        var untrained = PolicyAdapterTests.Logits(coarse);
        PolicyAdapterTests.Train(coarse, steps: 5);
        Assert.True(PolicyAdapterTests.Logits(coarse).Zip(untrained, (a, b) => Math.Abs(a - b)).Max() > 0.01);
        Assert.All(PolicyAdapterTests.Logits(coarse), logit => Assert.True(float.IsFinite(logit)));
    }

    [Fact]
    public void The_estimate_of_qwens_half_billion_is_its_parameters_by_their_bytes()
    {
        // Qwen2.5-0.5B has 494,032,768 parameters: 136,134,656 in the embedding, 24 layers of 14,912,384 and a norm of 896.
        var config = Qwen05();
        Assert.Equal(494_032_768, new PolicyLayout(config).Length);
        var full = MemoryEstimate.OfUpdate(config, Precision.Float32, null, new());
        Assert.Equal((4L * 494_032_768, 12L * 494_032_768), (full.Policy, full.Training));
        var coarse = MemoryEstimate.OfUpdate(config, Precision.BFloat16, null, new());
        Assert.Equal((2L * 494_032_768, 18L * 494_032_768), (coarse.Policy, coarse.Training));

        // Rank 8 on queries and values: 24 x 8 x (896 + 896 + 896 + 128) factors of 16 bytes.
        var adapter = MemoryEstimate.OfUpdate(config, Precision.Float32, new() { Rank = 8, Targets = [AdapterTarget.Queries, AdapterTarget.Values] }, new());
        Assert.Equal(16L * 24 * 8 * 2816, adapter.Training);
        Assert.True(MemoryEstimate.OfUpdate(config, Precision.Float32, null, new() { RecomputeActivations = true }).Activations < full.Activations * 0.7);
    }

    [Fact]
    public void An_update_that_cannot_fit_is_refused_with_what_it_takes_and_what_would_help()
    {
        var estimate = MemoryEstimate.OfUpdate(Qwen05(), Precision.Float32, null, new());
        var refused = Assert.Throws<WorkFailedException>(() => estimate.Require(1L << 30));
        Assert.Equal(WorkFailedException.TooLarge, refused.Kind);
        Assert.Contains("1024 MB", refused.Message, StringComparison.Ordinal);
        Assert.Contains("adapter", refused.Message, StringComparison.Ordinal);
        estimate.Require(1L << 40);
        estimate.Require(null);
    }

    private static PolicyConfig Qwen05() => PolicyConfig.Read("""
        {"model_type":"qwen2","hidden_size":896,"num_hidden_layers":24,"num_attention_heads":14,"num_key_value_heads":2,"intermediate_size":4864,
         "vocab_size":151936,"tie_word_embeddings":true,"rope_theta":1000000.0,"rms_norm_eps":1e-6,"hidden_act":"silu","use_sliding_window":false}
        """u8);
}
