using System.Text.Json;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Policies.Decoding;
using GpuWorker.Rollouts;
using Testing;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies;

/// <summary>Against logits and greedy continuations computed by another implementation of LLaMA.</summary>
[Trait("Speed", "fast")]
public sealed class LlamaParityTests
{
    public LlamaParityTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public void Logits_and_greedy_tokens_equal_those_of_the_reference(int index)
    {
        using var weights = Load();
        var expected = Cases()[index];

        var found = LogitsAfter(weights, expected.Prompt);
        AssertClose(expected.Logits, found);

        var completion = Assert.Single(new CompletionGenerator(weights).Generate([new(expected.Prompt, -1, [null])], expected.Greedy.Length, 1, _ => { })[0]);
        Assert.Equal(expected.Greedy, completion.Tokens);
    }

    [Fact]
    public void Prompts_of_different_lengths_in_one_batch_continue_as_each_alone()
    {
        using var weights = Load();
        var cases = Cases();
        var length = cases.Min(some => some.Greedy.Length);
        Assert.True(length >= 60 && cases.Select(some => some.Prompt.Length).Distinct().Count() > 1, "Expected prompts of different lengths with continuations.");
        var together = new CompletionGenerator(weights).Generate([.. cases.Select(some => new GenerationPrompt(some.Prompt, -1, [null]))], length, 1, _ => { });
        foreach (var (some, completions) in cases.Zip(together))
            Assert.Equal(some.Greedy[..length], Assert.Single(completions).Tokens);
    }

    [Fact]
    public void A_left_padded_batch_gives_the_references_logits_and_greedy_tokens_through_the_cache()
    {
        using var weights = Load();
        var cases = Cases();
        Assert.True(cases.Select(some => some.Prompt.Length).Distinct().Count() > 1, "Prompts of one length need no padding.");
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var (rows, width, steps) = (cases.Length, cases.Max(some => some.Prompt.Length), 60);
        var rotary = RotaryEmbedding.Table(weights.Config, width + steps, ScalarType.Float32, CPU);
        var padded = cases.SelectMany(some => Enumerable.Repeat(7L, width - some.Prompt.Length).Concat(some.Prompt.Select(token => (long)token))).ToArray();
        KeyValueCache read = new(weights.Config, rows, width, ScalarType.Float32, CPU);
        var fused = FusedWeights.Fold(weights);
        var layout = LeftPadded([.. cases.Select(some => some.Prompt.Length)], width);
        var logits = Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(padded, [rows, width]), rotary, read, layout).select(1, width - 1));
        for (var row = 0; row < rows; row++)
            AssertClose(cases[row].Logits, logits[row].data<float>().ToArray());

        var hidden = zeros([rows, width]);
        for (var row = 0; row < rows; row++)
            hidden[row].narrow(0, 0, width - cases[row].Prompt.Length).fill_(float.NegativeInfinity);
        using CachedDecoder decoder = new(fused, read, hidden, [.. Enumerable.Range(0, rows)], steps);
        for (var step = 0; step < steps; step++)
        {
            var next = logits.argmax(-1);
            Assert.Equal(cases.Select(some => (long)some.Greedy[step]), next.data<long>().ToArray());
            var positions = tensor(cases.Select(some => (long)some.Prompt.Length + step).ToArray());
            logits = decoder.Next(next, rotary.index_select(0, positions));
        }
    }

    internal static void AssertClose(float[] expected, float[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], found[i], 1e-4f);
    }

    internal static float[] LogitsAfter(PolicyWeights weights, int[] prompt)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(weights);
        var device = weights.Flat.device;
        var rotary = RotaryEmbedding.Table(weights.Config, prompt.Length, ScalarType.Float32, device);
        var tokens = tensor(prompt.Select(token => (long)token).ToArray(), [1, prompt.Length], device: device);
        var hidden = Transformer.HiddenStates(fused, tokens, rotary);
        return Transformer.Logits(fused, hidden.select(1, prompt.Length - 1)).cpu().data<float>().ToArray();
    }

    internal static PolicyWeights Load(Device? device = null) => PolicyWeights.Load(
        PolicyConfig.Read(File.ReadAllBytes(Path.Combine(Folder(), "config.json"))),
        File.ReadAllBytes(Path.Combine(Folder(), "model.safetensors")),
        device ?? CPU);

    internal static Case[] Cases()
    {
        using var reference = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder(), "reference.json")));
        return [.. reference.RootElement.GetProperty("cases").EnumerateArray().Select(some => new Case(
            [.. some.GetProperty("prompt").EnumerateArray().Select(token => token.GetInt32())],
            [.. some.GetProperty("greedy").EnumerateArray().Select(token => token.GetInt32())],
            [.. some.GetProperty("logits_after_prompt").EnumerateArray().Select(logit => logit.GetSingle())]))];
    }

    private static string Folder()
    {
        var folder = Shared.Data("llama-tiny");
        Assert.SkipWhen(folder is null, "shared/data/llama-tiny is absent.");
        return folder;
    }

    internal sealed record Case(int[] Prompt, int[] Greedy, float[] Logits);

    // Rows that end together: row b has lengths[b] tokens, left-padded with tokens that no other attends to.
    private static AttentionLayout LeftPadded(int[] lengths, int width)
    {
        var (rows, positions) = (lengths.Length, new long[lengths.Length * width]);
        var mask = new float[rows * width * width];
        Array.Fill(mask, float.NegativeInfinity);
        for (var row = 0; row < rows; row++)
        {
            var padding = width - lengths[row];
            for (var t = 0; t < width; t++)
            {
                positions[row * width + t] = Math.Max(0, t - padding);
                // Padding attends to itself: a row that attends to nothing is NaN.
                var first = t < padding ? t : padding;
                mask.AsSpan((row * width + t) * width + first, t - first + 1).Clear();
            }
        }

        return new(tensor(positions, [rows, width]), tensor(mask, [rows, 1, width, width]));
    }
}
