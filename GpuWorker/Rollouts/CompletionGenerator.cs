using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Rollouts;

/// <summary>Generates completions on any device: one prefill, then decoding steps.</summary>
/// <remarks>
/// All prompts are prefilled in one pass, padded on the right; their keys and values are then copied to their branches. New tokens go to the slots after
/// the longest prompt, the same for all rows; the gap after a shorter prompt is masked. Finished rows are dropped once they are a quarter.
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
        var slots = longest + maxNewTokens;
        var rotary = RotaryEmbedding.Table(weights.Config, slots, dtype, device);
        var (tokensBT, lastB) = Pad(prompts, longest, device);

        KeyValueCache cache;
        var live = rows;
        SampledToken[] drawn;
        SampledToken[] Draw(Tensor logitsBV, int step) => TokenSampler.Choose(logitsBV, temperature, [.. live.Select(row => row.Uniform(step))]);
        using (var reading = NewDisposeScope())
        {
            using KeyValueCache read = new(weights.Config, prompts.Count, slots, dtype, device);
            var hiddenBTC = Transformer.HiddenStates(fused, tokensBT, rotary, read);
            var lastBC = hiddenBTC.view(-1, weights.Config.HiddenSize).index_select(0, lastB);
            var branchOf = tensor(rows.Select(row => (long)row.Prompt).ToArray(), device: device);
            drawn = Draw(Transformer.Logits(fused, lastBC).index_select(0, branchOf), 0);
            cache = read.Select(branchOf);
        }

        heartbeat(0);
        var mask = Mask(live, longest, slots, dtype, device);
        try
        {
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
                        using var picked = tensor(going.Select(i => (long)i).ToArray(), device: device);
                        var smaller = cache.Select(picked);
                        cache.Dispose();
                        cache = smaller;
                        mask = mask?.index_select(0, picked);
                        next = [.. going.Select(i => next[i])];
                        live = [.. going.Select(i => live[i])];
                    }
                }

                using var inner = NewDisposeScope();
                var positions = tensor(live.Select(row => (long)row.PromptLength + step).ToArray(), device: device);
                var hiddenBC = Transformer.DecodeNext(
                    fused, tensor(next, device: device), rotary.index_select(0, positions), cache, longest + step, mask);
                drawn = Draw(Transformer.Logits(fused, hiddenBC), step + 1);
            }
        }
        finally
        {
            cache.Dispose();
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

    private static Tensor? Mask(Row[] rows, int longest, int slots, ScalarType dtype, Device device)
    {
        if (rows.All(row => row.PromptLength == longest))
            return null;

        var values = new float[rows.Length * slots];
        for (var i = 0; i < rows.Length; i++)
            values.AsSpan(i * slots + rows[i].PromptLength, longest - rows[i].PromptLength).Fill(float.NegativeInfinity);
        return tensor(values, [rows.Length, slots], dtype, device);
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
