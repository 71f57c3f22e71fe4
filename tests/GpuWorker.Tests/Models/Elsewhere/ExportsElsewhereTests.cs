using System.Text;
using Curriculum.Plans;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;
using GpuWorker.Models;
using GpuWorker.Policies;
using GpuWorker.Training;
using Testing;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Models.Elsewhere;

/// <summary>What is exported, read and computed by other programs: TorchSharp.PyBridge reads the files, llama.cpp computes the model.</summary>
[Trait("Speed", "fast")]
public sealed class ExportsElsewhereTests : IDisposable
{
    private static readonly int[] Tokens = [1, 403, 407, 261, 378, 265, 286, 17, 22, 500];
    private readonly string _folder = Directory.CreateTempSubdirectory("elsewhere-").FullName;

    public ExportsElsewhereTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    public static TheoryData<string> Families => ["llama", "qwen2", "qwen3"];

    private static readonly Dictionary<string, string> Scalings = new()
    {
        ["linear"] = """{ "rope_type": "linear", "factor": 2.0 }""",
        ["yarn"] = """{ "rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 16 }""",
    };

    [Theory, MemberData(nameof(Families))]
    public void A_fully_trained_model_has_the_same_logits_in_llamacpp(string family)
    {
        var parts = Base(family);
        using var policy = Load(parts);
        Train(policy);
        parts[StatePartNames.Policy] = policy.ToSafetensors();
        ModelExport.Write(parts, Sub("whole"), new(Trained: true));
        Converted.Model(Sub("whole"), Sub("whole.gguf"));
        AssertSame(policy, LlamaCpp.Logits(Sub("whole.gguf"), Tokens));
    }

    [Theory]
    [InlineData("linear")]
    [InlineData("yarn")]
    public void Positions_are_turned_there_as_here(string scaling)
    {
        var parts = Base("qwen2", scaling);
        using var policy = Load(parts);
        using var plain = Load(Base("qwen2"));
        ModelExport.Write(parts, Sub(scaling), new());
        Converted.Model(Sub(scaling), Sub("scaled.gguf"));
        var found = LlamaCpp.Logits(Sub("scaled.gguf"), Tokens);
        AssertSame(policy, found);
        Assert.True(Distance(Logits(plain), found) > 1e-3, "The scaling changed no logit.");
    }

    [Theory, MemberData(nameof(Families))]
    public void A_trained_adapter_has_the_same_logits_there_beside_its_base_and_merged_into_it(string family)
    {
        var parts = Base(family);
        using var untrained = Load(parts);
        using var policy = Load(parts);
        policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = 4, Alpha = 12, TargetModules = LoraConfig.AllTargets }, 5, CPU));
        Train(policy);
        (parts[StatePartNames.Adapter], parts[StatePartNames.AdapterConfig]) = (policy.Adapter!.ToSafetensors(), policy.Adapter.Config.ToBytes());
        ModelExport.Write(parts, Sub("merged"), new(Merge: true, Trained: true));
        ModelExport.Write(parts, Sub("adapter"), new(Trained: true));
        ModelExport.Write(parts.Where(part => part.Key is not (StatePartNames.Adapter or StatePartNames.AdapterConfig)).ToDictionary(), Sub("base"), new());

        Converted.Model(Sub("merged"), Sub("merged.gguf"));
        Converted.Model(Sub("base"), Sub("base.gguf"));
        Converted.Adapter(Sub("adapter"), Sub("base"), Sub("adapter.gguf"));
        AssertSame(policy, LlamaCpp.Logits(Sub("merged.gguf"), Tokens));
        AssertSame(policy, LlamaCpp.Logits(Sub("base.gguf"), Tokens, Sub("adapter.gguf")));

        // Without the adapter they are the base's, which are others.
        var without = LlamaCpp.Logits(Sub("base.gguf"), Tokens);
        AssertSame(untrained, without);
        Assert.True(Distance(Logits(policy), without) > 0.1, "Training the adapter changed no logit.");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Sub(string name) => Path.Combine(_folder, name);

    // The LLaMA is a trained one; the others are random, of odd sizes, with what their families add.
    private static Dictionary<string, StoredBytes> Base(string family, string scaling = "none")
    {
        if (family == "llama")
        {
            var folder = Shared.Data("llama-tiny");
            Assert.SkipWhen(folder is null, "shared/data/llama-tiny is absent.");
            return new()
            {
                [StatePartNames.Config] = File.ReadAllBytes(Path.Combine(folder, "config.json")),
                [StatePartNames.Policy] = File.ReadAllBytes(Path.Combine(folder, "model.safetensors")),
            };
        }

        var config = Encoding.UTF8.GetBytes($$"""
            {
              "model_type": "{{family}}", "hidden_size": 48, "num_hidden_layers": 3, "num_attention_heads": 6, "num_key_value_heads": 2, "head_dim": {{(family == "qwen3" ? 16 : 8)}},
              "intermediate_size": 100, "vocab_size": 515, "rms_norm_eps": 1e-6, "rope_theta": 500000, "max_position_embeddings": 128, "tie_word_embeddings": {{(family == "qwen3" ? "true" : "false")}}{{(scaling == "none" ? "" : $", \"rope_scaling\": {Scalings[scaling]}")}}
            }
            """);
        using var random = PolicyWeights.Random(PolicyConfig.Read(config), 7, CPU);
        using (no_grad())
        using (Generator generator = new(11))
        using (var noise = randn(random.Flat.shape, generator: generator))
            random.Flat.add_(noise, alpha: 0.05);
        return new() { [StatePartNames.Config] = config, [StatePartNames.Policy] = random.ToSafetensors() };
    }

    private static PolicyWeights Load(Dictionary<string, StoredBytes> parts) =>
        PolicyWeights.Load(PolicyConfig.Read(parts[StatePartNames.Config].ToArray()), parts[StatePartNames.Policy], CPU);

    private static void Train(PolicyWeights policy)
    {
        using PolicyOptimizer optimizer = new(policy, new() { LearningRate = 0.02 });
        using Trainer trainer = new(policy, optimizer, LossKind.Likelihood, new LossPlan(), 8);
        for (var step = 0; step < 4; step++)
            trainer.Train([new([1, 17, 250, 99, 4, 500, 2], 1, [1, 1, 1, 1, 1, 1], null)], 1, _ => { });
    }

    private static float[][] Logits(PolicyWeights policy)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, Tokens.Length, ScalarType.Float32, CPU);
        var logits = Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(Tokens.Select(token => (long)token).ToArray(), [1, Tokens.Length]), rotary))[0];
        return [.. Enumerable.Range(0, Tokens.Length).Select(t => logits[t].data<float>().ToArray())];
    }

    private static void AssertSame(PolicyWeights policy, float[][] found)
    {
        var expected = Logits(policy);
        Assert.Equal(expected[0].Length, found[0].Length);
        TestContext.Current.TestOutputHelper!.WriteLine($"largest difference of a logit {Distance(expected, found):E1}, largest logit {expected.Max(logits => logits.Max()):F1}");
        Assert.InRange(Distance(expected, found), 0, 1e-4);
        Assert.Equal(expected.Select(Likeliest), found.Select(Likeliest));
    }

    private static float Distance(float[][] expected, float[][] found) => expected.Zip(found, (one, other) => one.Zip(other, (a, b) => Math.Abs(a - b)).Max()).Max();

    private static int Likeliest(float[] logits) => Array.IndexOf(logits, logits.Max());
}
