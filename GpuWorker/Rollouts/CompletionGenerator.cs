using GpuWorker.Policies;
using GpuWorker.Policies.Decoding;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Rollouts;

/// <summary>Generates completions on any device: one prefill, then decoding steps.</summary>
/// <remarks>
/// All prompts are prefilled in one pass, padded on the right; the gap after a shorter one is masked. Branches read their prompt's keys and values and write their own,
/// each at the same slot. Finished rows are dropped once they are a quarter, and prompts without rows with them.
/// </remarks>
internal sealed class CompletionGenerator(PolicyWeights weights)
{
    private const int StepsBetweenChecks = 8;

    /// <summary>The completions of each prompt, in the order of its branches.</summary>
    /// <param name="prompts">What to continue.</param>
    /// <param name="maxNewTokens">Where a completion without a stop token is truncated.</param>
    /// <param name="temperature">Of the draws.</param>
    /// <param name="heartbeat">Called every few tokens with the share of <paramref name="maxNewTokens"/> done; may throw to cancel.</param>
    public Completion[][] Generate(IReadOnlyList<GenerationPrompt> prompts, int maxNewTokens, double temperature, Action<double> heartbeat)
    {
        var rows = prompts
            .SelectMany((prompt, index) => prompt.Branches.Select(draw => new Row(index, prompt, draw)))
            .ToArray();
        if (rows.Length > 0 && maxNewTokens > 0)
            Fill(prompts, rows, maxNewTokens, temperature, heartbeat);
        return [.. prompts.Select((_, index) => rows.Where(row => row.Prompt == index).Select(row => row.ToCompletion()).ToArray())];
    }

    private void Fill(IReadOnlyList<GenerationPrompt> prompts, Row[] rows, int maxNewTokens, double temperature, Action<double> heartbeat)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (device, dtype) = (weights.Flat.device, weights.Flat.dtype);
        var fused = FusedWeights.Fold(weights);
        var longest = prompts.Max(prompt => prompt.Tokens.Length);
        var rotary = RotaryEmbedding.Table(weights.Config, longest + maxNewTokens, dtype, device);
        var (tokensBT, lastB) = Pad(prompts, longest, device);

        KeyValueCache read = new(weights.Config, prompts.Count, longest, dtype, device);
        using CachedDecoder decoder = new(fused, read, Mask(prompts, longest, dtype, device), [.. rows.Select(row => row.Prompt)], maxNewTokens - 1);
        var live = rows;
        SampledToken[] drawn;
        SampledToken[] Draw(Tensor logitsBV, int step) => TokenSampler.Choose(logitsBV, temperature, [.. live.Select(row => row.Uniform(step))]);
        using (var reading = NewDisposeScope())
        {
            var hiddenBTC = Transformer.HiddenStates(fused, tokensBT, rotary, read);
            var lastBC = hiddenBTC.view(-1, weights.Config.HiddenSize).index_select(0, lastB);
            var branchOf = tensor(rows.Select(row => (long)row.Prompt).ToArray(), device: device);
            drawn = Draw(Transformer.Logits(fused, lastBC).index_select(0, branchOf), 0);
        }

        heartbeat(0);
        for (var step = 0; ; step++)
        {
            var next = new long[live.Length];
            for (var i = 0; i < live.Length; i++)
                next[i] = live[i].Take(drawn[i]);

            if (step + 1 == maxNewTokens)
                break;

            if (step % StepsBetweenChecks == StepsBetweenChecks - 1)
            {
                heartbeat((double)(step + 1) / maxNewTokens);
                var going = Enumerable.Range(0, live.Length).Where(i => !live[i].Ended).ToArray();
                if (going.Length == 0)
                    break;
                if (going.Length <= live.Length * 3 / 4)
                {
                    decoder.Keep(going);
                    next = [.. going.Select(i => next[i])];
                    live = [.. going.Select(i => live[i])];
                }
            }

            using var inner = NewDisposeScope();
            var positions = tensor(live.Select(row => (long)row.PromptLength + step).ToArray(), device: device);
            drawn = Draw(decoder.Next(tensor(next, device: device), rotary.index_select(0, positions)), step + 1);
        }
    }

    private static (Tensor TokensBT, Tensor LastB) Pad(IReadOnlyList<GenerationPrompt> prompts, int longest, Device device)
    {
        var padded = new long[prompts.Count * longest];
        for (var row = 0; row < prompts.Count; row++)
        {
            var tokens = prompts[row].Tokens;
            for (var i = 0; i < tokens.Length; i++)
                padded[row * longest + i] = tokens[i];
        }

        var last = prompts.Select((prompt, row) => (long)row * longest + prompt.Tokens.Length - 1).ToArray();
        return (tensor(padded, [prompts.Count, longest], device: device), tensor(last, device: device));
    }

    private static Tensor? Mask(IReadOnlyList<GenerationPrompt> prompts, int longest, ScalarType dtype, Device device)
    {
        if (prompts.All(prompt => prompt.Tokens.Length == longest))
            return null;

        var values = new float[prompts.Count * longest];
        for (var i = 0; i < prompts.Count; i++)
            values.AsSpan(i * longest + prompts[i].Tokens.Length, longest - prompts[i].Tokens.Length).Fill(float.NegativeInfinity);
        return tensor(values, [prompts.Count, longest], dtype, device);
    }

    private sealed class Row(int prompt, GenerationPrompt source, Func<int, double>? draw)
    {
        private readonly List<int> _tokens = [];
        private readonly List<float> _logProbs = [];

        public int Prompt => prompt;

        public int PromptLength => source.Tokens.Length;

        public bool Ended { get; private set; }

        public double? Uniform(int position) => Ended ? null : draw?.Invoke(position);

        public int Take(SampledToken drawn)
        {
            if (Ended)
                return _tokens[^1];

            _tokens.Add(drawn.Token);
            _logProbs.Add(drawn.LogProb);
            Ended = source.StopTokens.Contains(drawn.Token);
            return drawn.Token;
        }

        public Completion ToCompletion() => new([.. _tokens], [.. _logProbs], Ended);
    }
}
