using Curriculum.Draws;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

/// <summary>Drawing by blocks against drawing from one row of numbers.</summary>
[Trait("Speed", "fast")]
public sealed class TokenSamplerTests
{
    public TokenSamplerTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    [Theory]
    [InlineData(1.0, ScalarType.Float32)]
    [InlineData(0.6, ScalarType.Float32)]
    [InlineData(1.3, ScalarType.BFloat16)]
    public void A_large_vocabulary_is_drawn_from_as_a_small_one(double temperature, ScalarType type)
    {
        // 5,003 tokens: nine full blocks and one of 395.
        const int vocabulary = 5003;
        using var scope = NewDisposeScope();
        using Generator generator = new(3);
        var logits = (randn([200, vocabulary], generator: generator) * 4).to(type);
        var stream = KeyedRandom.Stream("draws");
        double?[] uniforms = [.. Enumerable.Range(0, 200).Select(row => row % 5 == 0 ? (double?)null : stream.DoubleAt((ulong)row))];
        var numbers = logits.to(ScalarType.Float32).data<float>().ToArray();
        var drawn = TokenSampler.Choose(logits, temperature, uniforms);
        for (var row = 0; row < 200; row++)
        {
            var expected = CpuTokenSampler.Choose(numbers.AsSpan(row * vocabulary, vocabulary), temperature, uniforms[row]);
            Assert.Equal(expected.Token, drawn[row].Token);
            Assert.Equal(expected.LogProb, drawn[row].LogProb, 1e-5f);
        }
    }

    [Fact]
    public void Of_equally_likely_tokens_the_first_is_the_likeliest_and_the_ends_of_the_range_are_the_ends_of_the_vocabulary()
    {
        using var scope = NewDisposeScope();
        var logits = zeros([3, 6000]);
        var drawn = TokenSampler.Choose(logits, 1, [null, 0, Math.BitDecrement(1.0)]);
        Assert.Equal([0, 0, 5999], drawn.Select(token => token.Token));
        Assert.All(drawn, token => Assert.Equal(-Math.Log(6000), token.LogProb, 1e-5));
    }

    [Theory]
    [InlineData(6000, float.NegativeInfinity)]
    [InlineData(6000, Transformer.SuppressedLogit)]
    [InlineData(2000, float.NegativeInfinity)]
    [InlineData(2000, Transformer.SuppressedLogit)]
    public void A_token_that_cannot_be_drawn_never_is(int vocabulary, float never)
    {
        using var scope = NewDisposeScope();
        var logits = full([2, vocabulary], never);
        logits.narrow(1, 1000, 1).fill_(0);
        foreach (var temperature in (double[])[1e-3, 1, 2])
            Assert.Equal([new(1000, 0), new(1000, 0)], TokenSampler.Choose(logits, temperature, [0, Math.BitDecrement(1.0)]));
    }
}
