using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Policies.Decoding;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Policies.Decoding;

/// <summary>Against whole forward passes over prompts and what was appended to them.</summary>
[Trait("Speed", "fast")]
public sealed class CachedDecoderTests
{
    private static readonly long[][] Prompts = [[1, 5, 2], [4, 4, 4], [3, 0, 6], [7, 2, 1]];

    public CachedDecoderTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    public static TheoryData<string, bool, bool> Policies => new()
    {
        { "small", false, false }, { "llama", false, false }, { "qwen2", false, false }, { "qwen3", false, false },
        { "small", true, false }, { "qwen2", true, false }, { "qwen3", true, false }, { "llama", false, true }, { "qwen3", true, true },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public void Rows_of_shared_prompts_have_the_logits_of_whole_sequences(string family, bool adapted, bool low)
    {
        using var policy = Policy(family, adapted, low);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 16, policy.Flat.dtype, CPU);

        // As many rows of each prompt, as a batch begins; then rows and a prompt that have ended are left out.
        int[] promptOfRow = [0, 0, 1, 1, 2, 2, 3, 3];
        var sequences = promptOfRow.Select(prompt => Prompts[prompt].ToList()).ToList();
        using var decoder = Read(fused, rotary, promptOfRow, 6);
        Append(policy, fused, rotary, decoder, sequences, 2);
        Keep(decoder, sequences, [1, 2, 3, 6]);
        Append(policy, fused, rotary, decoder, sequences, 2);
        Keep(decoder, sequences, [2]);
        Append(policy, fused, rotary, decoder, sequences, 2);
    }

    [Fact]
    public void Rows_of_a_prompt_need_not_lie_side_by_side()
    {
        using var policy = Policy("llama", false, false);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 16, ScalarType.Float32, CPU);
        int[] promptOfRow = [2, 0, 2, 1, 3, 0, 2];
        using var decoder = Read(fused, rotary, promptOfRow, 2);
        Append(policy, fused, rotary, decoder, [.. promptOfRow.Select(prompt => Prompts[prompt].ToList())], 2);
    }

    [Fact]
    public void A_step_gives_the_same_bits_at_its_first_and_its_hundredth_call()
    {
        using var policy = Policy("qwen3", true, false);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 16, ScalarType.Float32, CPU);
        float[] Once()
        {
            using var decoder = Read(fused, rotary, [0, 1, 1], 1);
            return decoder.Next(tensor(new long[] { 1, 2, 3 }), rotary.narrow(0, 3, 1).expand(3, policy.Config.HeadSize / 2)).data<float>().ToArray();
        }

        var first = Once();
        for (var call = 0; call < 100; call++)
            Assert.Equal(first, Once());
    }

    [Fact]
    public void Tokens_of_another_number_of_rows_and_tokens_beyond_the_last_slot_are_refused()
    {
        using var policy = Policy("llama", false, false);
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var fused = FusedWeights.Fold(policy);
        var rotary = RotaryEmbedding.Table(policy.Config, 16, ScalarType.Float32, CPU);
        using var decoder = Read(fused, rotary, [0, 1], 1);
        var turns = rotary.narrow(0, 3, 1).expand(2, policy.Config.HeadSize / 2);
        Assert.Throws<ArgumentException>(() => decoder.Next(tensor(new long[] { 1, 2, 3 }), turns));
        decoder.Next(tensor(new long[] { 1, 2 }), turns);
        Assert.Throws<InvalidOperationException>(() => decoder.Next(tensor(new long[] { 1, 2 }), turns));
    }

    private static PolicyWeights Policy(string family, bool adapted, bool low)
    {
        var config = family == "small" ? PolicyConfig.Small("abcdefgh") : QwenTests.Family(family, tied: false, biases: family == "qwen2");
        var policy = PolicyWeights.Random(config, 1, CPU, low ? ScalarType.BFloat16 : ScalarType.Float32);
        if (adapted)
        {
            policy.Attach(PolicyAdapter.Fresh(policy.Layout, new() { Rank = 2, Alpha = 5, TargetModules = LoraConfig.AllTargets }, 5, CPU));
            using var none = no_grad();
            using Generator generator = new(3);
            policy.Adapter!.Buffer.Flat.add_(randn(policy.Adapter.Buffer.Flat.shape, generator: generator), alpha: 0.1);
        }

        policy.SuppressTokens([7]);
        return policy;
    }

    private static CachedDecoder Read(FusedWeights fused, Tensor rotary, int[] promptOfRow, int newTokens)
    {
        KeyValueCache read = new(fused.Config, Prompts.Length, Prompts[0].Length, fused.Embedding.dtype, CPU);
        Transformer.HiddenStates(fused, tensor(Prompts.SelectMany(prompt => prompt).ToArray(), [Prompts.Length, Prompts[0].Length]), rotary, read);
        return new(fused, read, null, promptOfRow, newTokens);
    }

    private static void Append(PolicyWeights policy, FusedWeights fused, Tensor rotary, CachedDecoder decoder, List<List<long>> sequences, int steps)
    {
        for (var step = 0; step < steps; step++)
        {
            long[] next = [.. sequences.Select((sequence, row) => (sequence.Sum() + row) % 7)];
            var length = sequences[0].Count;
            for (var row = 0; row < next.Length; row++)
                sequences[row].Add(next[row]);
            var found = decoder.Next(tensor(next), rotary.narrow(0, length, 1).expand(next.Length, policy.Config.HeadSize / 2));
            var whole = tensor(sequences.SelectMany(sequence => sequence).ToArray(), [next.Length, length + 1]);
            var expected = Transformer.Logits(fused, Transformer.HiddenStates(fused, whole, rotary).select(1, length));
            var away = (found - expected).abs().max().to(ScalarType.Float32).item<float>();
            Assert.Equal(Transformer.SuppressedLogit, found[0, 7].to(ScalarType.Float32).item<float>(), 1e16f);
            Assert.True(away <= (policy.Parameters.IsLowPrecision ? 0.1f : 1e-5f), $"Expected the logits of whole sequences, found a difference of {away}.");
        }
    }

    private static void Keep(CachedDecoder decoder, List<List<long>> sequences, int[] rows)
    {
        decoder.Keep(rows);
        List<long>[] kept = [.. rows.Select(row => sequences[row])];
        sequences.Clear();
        sequences.AddRange(kept);
    }
}
