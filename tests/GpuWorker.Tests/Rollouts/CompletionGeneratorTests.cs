using Curriculum.Draws;
using GpuWorker.Execution;
using GpuWorker.Policies;
using GpuWorker.Rollouts;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Rollouts;

[Trait("Speed", "fast")]
public sealed class CompletionGeneratorTests
{
    public CompletionGeneratorTests()
    {
        set_num_threads(1);
        NoGcRegion.Renew();
    }

    internal const int Stop = 7;

    [Fact]
    public void Log_probs_and_greedy_tokens_are_those_of_a_whole_forward_pass()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 1, CPU);
        int[][] prompts = [[1, 2, 3, 4, 5], [6], [2, 2, 0]];
        var generated = new CompletionGenerator(weights).Generate(
            [.. prompts.Select((tokens, p) => new GenerationPrompt(tokens, Stop, [null, Draws(p, 0), Draws(p, 1)]))], 40, 1, _ => { });

        for (var p = 0; p < prompts.Length; p++)
        {
            for (var branch = 0; branch < 3; branch++)
            {
                var completion = generated[p][branch];
                Assert.Equal(completion.Terminated, completion.Tokens[^1] == Stop);
                Assert.DoesNotContain(Stop, completion.Tokens[..^1]);
                Assert.True(completion.Terminated || completion.Tokens.Length == 40);
                var (logProbs, likeliest) = Score(weights, prompts[p], completion.Tokens);
                for (var t = 0; t < completion.Tokens.Length; t++)
                    Assert.Equal(logProbs[t], completion.LogProbs[t], 2e-5f);
                if (branch == 0)
                    Assert.Equal(likeliest, completion.Tokens);
            }
        }
    }

    [Fact]
    public void A_completion_does_not_depend_on_what_else_is_in_the_batch()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 2, CPU);
        CompletionGenerator generator = new(weights);
        GenerationPrompt prompt = new([3, 1], Stop, [Draws(0, 5)]);
        var alone = generator.Generate([prompt], 30, 1, _ => { })[0][0];
        var among = generator.Generate([new([1, 2, 3, 4], Stop, [Draws(1, 0), null]), prompt, new([5], Stop, [Draws(2, 0)])], 30, 1, _ => { })[1][0];
        Assert.Equal(alone.Tokens, among.Tokens);
    }

    [Fact]
    public void The_same_batch_gives_the_same_bits()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 3, CPU);
        float[] Run() => [.. new CompletionGenerator(weights)
            .Generate([new([1, 2], Stop, [Draws(0, 0), Draws(0, 1)]), new([4], Stop, [Draws(1, 0)])], 25, 1, _ => { })
            .SelectMany(completions => completions).SelectMany(completion => completion.LogProbs)];
        Assert.Equal(Run(), Run());
    }

    [Fact]
    public void A_mark_that_throws_ends_the_generation()
    {
        using var weights = PolicyWeights.Random(PolicyConfig.Small("abcdefgh"), 3, CPU);
        Assert.Throws<OperationCanceledException>(() => new CompletionGenerator(weights)
            .Generate([new([1], -1, [null])], 64, 1, share => { if (share > 0.2) throw new OperationCanceledException(); }));
    }

    internal static Func<int, double> Draws(int prompt, int sample)
    {
        var stream = KeyedRandom.Stream($"test/{prompt}/{sample}");
        return position => stream.DoubleAt((ulong)position);
    }

    private static (float[] LogProbs, int[] Likeliest) Score(PolicyWeights weights, int[] prompt, int[] completion)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        long[] tokens = [.. prompt.Select(token => (long)token), .. completion[..^1].Select(token => (long)token)];
        var rotary = RotaryEmbedding.Table(weights.Config, tokens.Length, ScalarType.Float32, CPU);
        var fused = FusedWeights.Fold(weights);
        var all = Transformer.Logits(fused, Transformer.HiddenStates(fused, tensor(tokens, [1, tokens.Length]), rotary))[0]
            .narrow(0, prompt.Length - 1, completion.Length).log_softmax(-1);
        return (
            [.. completion.Select((token, t) => all[t, token].item<float>())],
            [.. Enumerable.Range(0, completion.Length).Select(t => (int)all[t].argmax().item<long>())]);
    }
}
