using System.Text;
using Curriculum.Problems;
using Curriculum.Work;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using GpuWorker.Rollouts.Lanes;
using GpuWorker.Tests.Execution;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

/// <summary>What is sampled with rows in vector lanes, and what with tensors.</summary>
[Trait("Speed", "fast")]
public sealed class LanesFitTests
{
    private static readonly PolicyConfig Small = PolicyConfig.Small(TwoDials.Characters);

    public LanesFitTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
        Assert.SkipUnless(LanesFit.Supported, "Needs a processor with registers of 512 bits.");
    }

    [Fact]
    public void The_small_policy_is_packed_where_lanes_are_on_and_only_there()
    {
        using LoadedPolicy on = new(PolicyWeights.Random(Small, 1, CPU), lanes: true);
        using LoadedPolicy off = new(PolicyWeights.Random(Small, 1, CPU));
        Assert.NotNull(on.Packed);
        Assert.Null(off.Packed);
        Assert.False(new ComputeOptions { Lanes = false }.UsesLanes);
        Assert.False(new ComputeOptions { Threads = 2 }.UsesLanes);
        Assert.False(new ComputeOptions { Device = "cuda" }.UsesLanes);
    }

    public static TheoryData<string, string> Others => new()
    {
        { "another family", """{"model_type":"qwen2","hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":160,"vocab_size":35}""" },
        { "norms with weights", """{"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":160,"vocab_size":35}""" },
        { "biases", """{"layer_norm_weights":false,"attention_bias":true,"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":160,"vocab_size":35}""" },
        { "a large vocabulary", """{"layer_norm_weights":false,"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":4,"intermediate_size":160,"vocab_size":513}""" },
        { "a wide one", """{"layer_norm_weights":false,"hidden_size":272,"num_hidden_layers":2,"num_attention_heads":17,"intermediate_size":160,"vocab_size":35}""" },
        { "heads of half a register", """{"layer_norm_weights":false,"hidden_size":64,"num_hidden_layers":2,"num_attention_heads":8,"intermediate_size":160,"vocab_size":35}""" },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Any_other_policy_is_sampled_with_tensors(string what, string json)
    {
        var config = PolicyConfig.Read(Encoding.UTF8.GetBytes(json));
        using LoadedPolicy policy = new(PolicyWeights.Random(config, 1, CPU), lanes: true);
        Assert.True(policy.Packed is null, what);
        GenerationPrompt[] prompts = [new([1, 2, 3], 5, [null, CompletionGeneratorTests.Draws(0, 0)])];
        Assert.Equal(
            new CompletionGenerator(policy.Weights).Generate(prompts, 8, 1, _ => { })[0].SelectMany(completion => completion.LogProbs),
            Completions.Generate(policy, prompts, 8, 1, _ => { })[0].SelectMany(completion => completion.LogProbs));
    }

    [Fact]
    public void A_policy_of_lower_precision_and_one_with_an_adapter_are_sampled_with_tensors()
    {
        using LoadedPolicy coarse = new(PolicyWeights.Random(Small, 1, CPU, ScalarType.BFloat16), lanes: true);
        Assert.Null(coarse.Packed);
        using LoadedPolicy adapted = new(PolicyWeights.Random(Small, 1, CPU), lanes: true);
        adapted.Weights.Attach(PolicyAdapter.Fresh(adapted.Weights.Layout, new() { Rank = 2, Alpha = 4, TargetModules = LoraConfig.AllTargets }, 1, CPU));
        Assert.Null(adapted.Packed);
    }

    [Fact]
    public void Completions_whose_keys_and_values_would_be_too_large_are_sampled_with_tensors()
    {
        using LoadedPolicy policy = new(PolicyWeights.Random(Small, 1, CPU), lanes: true);

        // 3 layers x 2 x 64 features x 16 rows x 4 bytes: 24,576 a slot.
        Assert.True(LanesFit.Fits(policy.Weights.Config, 1365));
        Assert.False(LanesFit.Fits(policy.Weights.Config, 1366));
    }

    [Fact]
    public void The_setting_switches_lanes_off_and_the_fingerprint_says_which()
    {
        using WorkExecutor on = new(new()), off = new(new() { Lanes = false });
        Assert.Equal($"{off.Fingerprint};lanes", on.Fingerprint);
        var item = WorkExecutorTests.Rollout();
        RolloutOutput Run(WorkExecutor executor) =>
            (RolloutOutput)((ComputedOutput)executor.Execute(item, WorkExecutorTests.Base(1), new WorkExecutorTests.CheckedProgress(), CancellationToken.None)).Output;
        var (with, without) = (Run(on), Run(off));
        Assert.Equal(without.ForwardTokens, with.ForwardTokens);
        foreach (var (one, other) in without.Groups.SelectMany(group => group.Trajectories).Zip(with.Groups.SelectMany(group => group.Trajectories)))
        {
            Assert.Equal((one.Text, one.Reward, one.Terminated), (other.Text, other.Reward, other.Terminated));
            Assert.Equal(one.Tokens, other.Tokens);
            Assert.All(one.LogProbs.Zip(other.LogProbs), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
        }

        Assert.NotEqual(
            without.Groups.SelectMany(group => group.Trajectories).SelectMany(trajectory => trajectory.LogProbs),
            with.Groups.SelectMany(group => group.Trajectories).SelectMany(trajectory => trajectory.LogProbs));
    }
}
