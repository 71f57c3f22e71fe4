using System.Text;
using System.Text.Json.Nodes;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Training;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

[Trait("Speed", "fast")]
public sealed class PolicyAdapterTests
{
    private static readonly LoraConfig Shape = new() { Rank = 2, Alpha = 4, TargetModules = LoraConfig.AllTargets };

    public PolicyAdapterTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Theory]
    [InlineData("llama")]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    public void An_adapter_that_is_trained_leaves_the_base_alone_and_is_read_back_with_the_same_logits(string family)
    {
        var config = QwenTests.Family(family, tied: true, biases: false);
        using var policy = PolicyWeights.Random(config, 1, CPU);
        var before = policy.ToSafetensors().ToArray();
        var untrained = Logits(policy);
        policy.Attach(PolicyAdapter.Fresh(policy.Layout, Shape, 5, CPU));
        Assert.Equal(untrained, Logits(policy));

        Train(policy, steps: 3);
        Assert.Equal(before, policy.ToSafetensors().ToArray());
        var trained = Logits(policy);
        Assert.True(trained.Zip(untrained, (a, b) => Math.Abs(a - b)).Max() > 1e-3, "Training changed nothing.");

        using var again = PolicyWeights.Load(config, before, CPU);
        again.Attach(PolicyAdapter.Load(again.Layout, LoraConfig.Read(policy.Adapter!.Config.ToBytes()), policy.Adapter.ToSafetensors(), CPU));
        Assert.Equal(trained, Logits(again));
    }

    [Fact]
    public void Factors_have_pefts_names_and_shapes_in_the_checkpoints_row_order()
    {
        var config = QwenTests.Family("llama", tied: true, biases: false);
        using var policy = PolicyWeights.Random(config, 1, CPU);
        policy.Attach(PolicyAdapter.Fresh(policy.Layout, Shape, 5, CPU));
        Train(policy, steps: 2);
        var stored = SafetensorsFile.Read(policy.Adapter!.ToSafetensors());
        Assert.Equal(2 * 7 * 2, stored.Count);
        Assert.Equal([2L, 8L], stored["base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight"].Shape);
        Assert.Equal([12L, 2L], stored["base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight"].Shape);
        Assert.Equal([8L, 2L], stored["base_model.model.model.layers.0.mlp.down_proj.lora_B.weight"].Shape);
        var written = JsonNode.Parse(policy.Adapter.Config.ToBytes())!;
        Assert.Equal(("LORA", 2, 4, "CAUSAL_LM"), ((string)written["peft_type"]!, (int)written["r"]!, (int)written["lora_alpha"]!, (string)written["task_type"]!));
        Assert.Equal(LoraConfig.AllTargets, written["target_modules"]!.AsArray().Select(name => (string)name!));

        // W + alpha / r B A in a file's own order, computed with plain loops, is a policy of the same logits: so the rows of B are in the file's order.
        var merged = SafetensorsFile.Read(policy.ToSafetensors()).ToDictionary();
        foreach (var name in merged.Keys.Where(name => stored.ContainsKey($"base_model.model.{name[..^7]}.lora_A.weight")).ToArray())
        {
            var (a, b) = (stored[$"base_model.model.{name[..^7]}.lora_A.weight"], stored[$"base_model.model.{name[..^7]}.lora_B.weight"]);
            var (w, down, up) = (Floats(merged[name]), Floats(a), Floats(b));
            var columns = (int)a.Shape[1];
            for (var i = 0; i < w.Length; i++)
                w[i] += 2 * (up[i / columns * 2] * down[i % columns] + up[i / columns * 2 + 1] * down[columns + i % columns]);
            merged[name] = new(StoredType.F32, merged[name].Shape, w.SelectMany(BitConverter.GetBytes).ToArray());
        }

        using var plain = PolicyWeights.Load(config, SafetensorsFile.Write(merged), CPU);
        var (expected, found) = (Logits(policy), Logits(plain));
        Assert.All(expected.Zip(found), pair => Assert.Equal(pair.First, pair.Second, 1e-4f));
    }

    [Fact]
    public void Merging_writes_the_targets_anew_and_every_other_tensor_byte_for_byte()
    {
        var config = QwenTests.Family("qwen2", tied: false, biases: false);
        using var policy = PolicyWeights.Random(config, 1, CPU);
        var shape = Shape with { TargetModules = ["q_proj", "down_proj"] };
        policy.Attach(PolicyAdapter.Fresh(policy.Layout, shape, 5, CPU));
        Train(policy, steps: 2);
        var file = policy.ToSafetensors(StoredType.F16);
        var merged = AdapterMerge.Write(file, policy.Adapter!);

        Assert.Equal(SafetensorsFile.Header(file), SafetensorsFile.Header(merged));
        var (before, after) = (SafetensorsFile.Read(file), SafetensorsFile.Read(merged));
        foreach (var (name, tensor) in before)
        {
            var target = name.EndsWith("q_proj.weight", StringComparison.Ordinal) || name.EndsWith("down_proj.weight", StringComparison.Ordinal);
            Assert.Equal(target, !tensor.Data.ToArray().AsSpan().SequenceEqual(after[name].Data.ToArray()));
        }

        using var again = PolicyWeights.Load(config, merged, CPU);
        Assert.All(Logits(policy).Zip(Logits(again)), pair => Assert.Equal(pair.First, pair.Second, 2e-2f));
    }

    [Theory]
    [InlineData("""{"peft_type":"IA3","r":2,"lora_alpha":4,"target_modules":["q_proj"]}""", "peft_type LORA")]
    [InlineData("""{"r":2,"lora_alpha":4,"target_modules":["embed_tokens"]}""", "target_modules of q_proj")]
    [InlineData("""{"r":2,"lora_alpha":4,"target_modules":["q_proj"],"use_dora":true}""", "use_dora")]
    [InlineData("""{"r":2,"lora_alpha":4,"target_modules":["q_proj"],"rank_pattern":{"q_proj":8}}""", "no rank_pattern")]
    [InlineData("""{"r":0,"lora_alpha":4,"target_modules":["q_proj"]}""", "r and lora_alpha above 0")]
    public void Another_kind_of_adapter_is_refused(string json, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidDataException>(() => LoraConfig.Read(Encoding.UTF8.GetBytes(json))).Message, StringComparison.Ordinal);

    [Fact]
    public void What_an_adapters_file_lacks_and_has_too_much_of_is_listed()
    {
        using var policy = PolicyWeights.Random(QwenTests.Family("llama", true, false), 1, CPU);
        using var adapter = PolicyAdapter.Fresh(policy.Layout, Shape with { TargetModules = ["q_proj"] }, 5, CPU);
        var error = Assert.Throws<InvalidDataException>(() => PolicyAdapter.Load(policy.Layout, Shape with { TargetModules = ["k_proj"] }, adapter.ToSafetensors(), CPU));
        Assert.Contains("missing: base_model.model.model.layers.0.self_attn.k_proj.lora_A.weight", error.Message, StringComparison.Ordinal);
        Assert.Contains("unknown: base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight", error.Message, StringComparison.Ordinal);
    }

    internal static void Train(PolicyWeights policy, int steps, MemoryPlan? memory = null)
    {
        using PolicyOptimizer optimizer = new(policy, new() { LearningRate = 0.01 });
        using Trainer trainer = new(policy, optimizer, LossKind.Likelihood, new(), 8) { Memory = memory ?? new() };
        for (var step = 0; step < steps; step++)
            trainer.Train([new([1, 2, 3, 4, 5], 2, [1, 1, 1], null), new([2, 7, 1, 8], 1, [1, 1, 1], null), new([3, 3], 1, [1], null)], 1, _ => { });
    }

    internal static float[] Logits(PolicyWeights policy)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 5, ScalarType.Float32, CPU);
        return Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(new long[] { 1, 4, 2, 8, 5 }, [1, 5]), rotary))
            .to(ScalarType.Float32).data<float>().ToArray();
    }

    private static float[] Floats(StoredTensor tensor)
    {
        var bytes = tensor.Data.ToArray();
        return [.. Enumerable.Range(0, bytes.Length / 4).Select(i => BitConverter.ToSingle(bytes, 4 * i))];
    }
}
