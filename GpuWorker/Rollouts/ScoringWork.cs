using Curriculum.Work;
using GpuWorker.Items;
using GpuWorker.Memory;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Rollouts;

/// <summary>Scores given texts under a policy, segment by segment.</summary>
/// <remarks>Shapes: B texts, T tokens, C hidden, V vocabulary.</remarks>
internal static class ScoringWork
{
    private const int MaxBatchedTokens = 8192;

    /// <exception cref="WorkFailedException">The item is invalid or does not fit, or a log-probability is not finite.</exception>
    public static ScoreOutput Execute(ScoreItem item, LoadedPolicy policy, MemoryHeadroom headroom, Action<double> heartbeat)
    {
        if (item.Texts.Count == 0)
            throw Bad("Expected texts to score, found none.");

        var texts = item.Texts.Select(text => Encode(text, policy)).ToArray();
        var longest = texts.Max(text => text.Tokens.Length);
        var atOnce = Math.Max(1, MaxBatchedTokens / longest);
        headroom.Require(
            $"the scoring of {Math.Min(atOnce, texts.Length)} texts at once",
            SamplingMemory.OfScoring(policy.Weights, (long)Math.Min(atOnce, texts.Length) * longest),
            "Set base.precision to bfloat16, or use a worker with more memory.");
        List<TextScore> scores = [];
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var fused = FusedWeights.Fold(policy.Weights);
        foreach (var chunk in texts.Chunk(atOnce))
        {
            scores.AddRange(Score(chunk, fused, policy.Weights));
            heartbeat((double)scores.Count / texts.Length);
        }

        return new() { Texts = scores };
    }

    private static IEnumerable<TextScore> Score(Encoded[] texts, FusedWeights fused, PolicyWeights weights)
    {
        using var scope = NewDisposeScope();
        var (device, dtype) = (weights.Flat.device, weights.Flat.dtype);
        var width = texts.Max(text => text.Tokens.Length);
        var padded = new long[texts.Length * width];
        for (var row = 0; row < texts.Length; row++)
        {
            for (var i = 0; i < texts[row].Tokens.Length; i++)
                padded[row * width + i] = texts[row].Tokens[i];
        }

        // The last column predicts nothing, and padding is on the right, where no token of a text sees it.
        var tokensBT = tensor(padded, [texts.Length, width], device: device);
        var rotary = RotaryEmbedding.Table(weights.Config, width, dtype, device);
        var hiddenBTC = Transformer.HiddenStates(fused, tokensBT.narrow(1, 0, width - 1), rotary);
        var logProbsBTV = Transformer.LogProbs(fused, hiddenBTC);
        var logProbs = logProbsBTV.gather(2, tokensBT.narrow(1, 1, width - 1).unsqueeze(2)).contiguous().cpu().data<float>().ToArray();
        return [.. texts.Select((text, row) => Sum(text, logProbs.AsSpan(row * (width - 1), text.Tokens.Length - 1)))];
    }

    private static TextScore Sum(Encoded text, ReadOnlySpan<float> logProbs)
    {
        var segments = new SegmentScore[text.Segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            // Token t is predicted by the state of token t - 1: its score stands at t - 1.
            var (first, end) = text.Segments[i];
            var sum = 0.0;
            for (var at = first; at < end; at++)
                sum += logProbs[at];
            if (!double.IsFinite(sum))
                throw new WorkFailedException(WorkFailedException.NonFinite, $"Expected finite log-probabilities of '{text.Key}', found {sum}: the policy's weights or its numerics are corrupt.");
            segments[i] = new(Math.Max(0, end - first), sum);
        }

        return new(text.Key, segments);
    }

    private static Encoded Encode(ScoredText text, LoadedPolicy policy)
    {
        List<int> tokens = [];
        List<(int First, int End)> segments = [];
        var (skip, after) = (0, 0);
        try
        {
            for (var i = 0; i < text.Segments.Count; i++)
            {
                var before = tokens.Count;
                tokens.AddRange(i == 0 ? policy.Prompt(policy.Prefix + text.Segments[0]) : policy.Tokenizer.Encode(text.Segments[i]));
                if (i == 0)
                    (skip, after) = Around([.. tokens], policy);
                segments.Add((Math.Max(skip, before - 1), tokens.Count - 1 - (i == 0 ? after : 0)));
            }
        }
        catch (FormatException error)
        {
            throw Bad(error.Message, error);
        }

        return tokens.Count - skip >= 2
            ? new(text.Key, [.. tokens], [.. segments])
            : throw Bad($"Expected at least two tokens in '{text.Key}', found {tokens.Count - skip}: the first is not predicted.");
    }

    // Tokens around every prompt are not scored: the prefix, and the control tokens of a chat template.
    private static (int Before, int After) Around(int[] prompt, LoadedPolicy policy)
    {
        if (!policy.IsChat)
            return (policy.Prefix.Length == 0 ? 0 : policy.Tokenizer.EncodePrompt(policy.Prefix).Length, 0);
        var empty = policy.Prompt(policy.Prefix);
        var before = prompt.AsSpan().CommonPrefixLength(empty);
        var after = 0;
        while (after < empty.Length - before && prompt[^(after + 1)] == empty[^(after + 1)])
            after++;
        return (before, after);
    }

    private static WorkFailedException Bad(string message, Exception? inner = null) => new(WorkFailedException.BadItem, message, inner);

    private sealed record Encoded(string Key, int[] Tokens, (int First, int End)[] Segments);
}
