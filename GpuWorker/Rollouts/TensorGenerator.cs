using GpuWorker.Policies;
using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Rollouts;

/// <summary>Generates with tensor operations, on any device.</summary>
/// <remarks>
/// Each prompt is read once, all in one pass padded on the right; its keys and values are then shared out to its branches. New tokens go to the slots after
/// the longest prompt, the same for all rows; what lies between a shorter prompt and them is masked. Rows that ended are dropped when a quarter has.
/// </remarks>
internal sealed class TensorGenerator(PolicyWeights weights)
{
    private const int StepsBetweenChecks = 8;

    /// <summary>The completions of each prompt, in the order of its branches.</summary>
    /// <param name="prompts">What to continue.</param>
    /// <param name="maxNewTokens">Where a completion without a stop token is cut.</param>
    /// <param name="temperature">Of the draws.</param>
    /// <param name="mark">Called every few tokens with the share of <paramref name="maxNewTokens"/> done; may throw to cancel.</param>
    public Completion[][] Generate(IReadOnlyList<GenerationPrompt> prompts, int maxNewTokens, double temperature, Action<double> mark)
    {
        var rows = prompts
            .SelectMany((prompt, index) => prompt.Branches.Select(draw => new Row(index, prompt, draw)))
            .ToArray();
        if (rows.Length > 0 && maxNewTokens > 0)
            Fill(prompts, rows, maxNewTokens, temperature, mark);
        return [.. prompts.Select((_, index) => rows.Where(row => row.Prompt == index).Select(row => row.ToCompletion()).ToArray())];
    }

    private void Fill(IReadOnlyList<GenerationPrompt> prompts, Row[] rows, int maxNewTokens, double temperature, Action<double> mark)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var (device, dtype) = (weights.Flat.device, weights.Flat.dtype);
        var products = PolicyProducts.Fold(weights);
        var longest = prompts.Max(prompt => prompt.Tokens.Length);
        var slots = longest + maxNewTokens;
        var rotary = RotaryPositions.Table(weights.Config, slots, dtype, device);
        var (tokensBT, lastB) = Pad(prompts, longest, device);

        KeyValueCache cache;
        var live = rows;
        DrawnToken[] drawn;
        DrawnToken[] Draw(Tensor logitsBV, int step) => TokenDraws.Choose(logitsBV, temperature, [.. live.Select(row => row.Uniform(step))]);
        using (var reading = NewDisposeScope())
        {
            using KeyValueCache read = new(weights.Config, prompts.Count, slots, dtype, device);
            var hiddenBTC = Transformer.Hidden(products, tokensBT, rotary, read);
            var lastBC = hiddenBTC.view(-1, weights.Config.HiddenSize).index_select(0, lastB);
            var branchOf = tensor(rows.Select(row => (long)row.Prompt).ToArray(), device: device);
            drawn = Draw(Transformer.Logits(products, lastBC).index_select(0, branchOf), 0);
            cache = read.Select(branchOf);
        }

        mark(0);
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
                    mark((double)(step + 1) / maxNewTokens);
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
                var hiddenBC = Transformer.Next(
                    products, tensor(next, device: device), rotary.index_select(0, positions), cache, longest + step, mask);
                drawn = Draw(Transformer.Logits(products, hiddenBC), step + 1);
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

        public int Take(DrawnToken drawn)
        {
            if (Ended)
                return _tokens[^1];

            _tokens.Add(drawn.Token);
            _logProbs.Add(drawn.LogProb);
            Ended = source.Stops.Contains(drawn.Token);
            return drawn.Token;
        }

        public Completion ToCompletion() => new([.. _tokens], [.. _logProbs], Ended);
    }
}
