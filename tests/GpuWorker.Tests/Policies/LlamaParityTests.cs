using System.Text.Json;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using Testing;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

/// <summary>Against logits and greedy continuations computed by another implementation of LLaMA.</summary>
public sealed class LlamaParityTests
{
    public LlamaParityTests()
    {
        set_num_threads(1);
        CollectorPause.Renew();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Logits_and_greedy_tokens_equal_those_of_the_reference(int index)
    {
        var folder = Shared.Data("llama-tiny");
        Assert.SkipWhen(folder is null, "shared/data/llama-tiny is absent.");
        using var weights = PolicyWeights.Load(
            PolicyConfig.Read(File.ReadAllBytes(Path.Combine(folder, "config.json"))),
            File.ReadAllBytes(Path.Combine(folder, "model.safetensors")),
            CPU);
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "reference.json")));
        TensorGenerator generator = new(weights);
        var expected = reference.RootElement.GetProperty("cases")[index];
        int[] prompt = [.. expected.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32())];
        int[] greedy = [.. expected.GetProperty("greedy").EnumerateArray().Select(token => token.GetInt32())];
        float[] logits = [.. expected.GetProperty("logits_after_prompt").EnumerateArray().Select(logit => logit.GetSingle())];

        var found = LogitsAfter(weights, prompt);
        Assert.Equal(logits.Length, found.Length);
        for (var i = 0; i < logits.Length; i++)
            Assert.Equal(logits[i], found[i], 1e-4f);

        var completion = Assert.Single(generator.Generate([new(prompt, -1, [null])], greedy.Length, 1, _ => { })[0]);
        Assert.Equal(greedy, completion.Tokens);
    }

    private static float[] LogitsAfter(PolicyWeights weights, int[] prompt)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var products = PolicyProducts.Fold(weights);
        var rotary = RotaryPositions.Table(weights.Config, prompt.Length, ScalarType.Float32, CPU);
        var tokens = tensor(prompt.Select(token => (long)token).ToArray(), [1, prompt.Length]);
        var hidden = Transformer.Hidden(products, tokens, rotary);
        return Transformer.Logits(products, hidden.select(1, prompt.Length - 1)).data<float>().ToArray();
    }
}
