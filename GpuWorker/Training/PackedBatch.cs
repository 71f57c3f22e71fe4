using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Packs as the tensors of one forward pass: B packs, T input tokens, N predicted tokens.</summary>
internal sealed class PackedBatch
{
    private readonly int _width;
    private readonly Tensor? _inputs;

    /// <param name="packs">The packs.</param>
    /// <param name="device">Where the tensors are.</param>
    /// <param name="dtype">Of the policy.</param>
    /// <param name="isPadded">Whether packs are rows of one length; otherwise they lie one after another, and whoever reads them lays out the inputs.</param>
    public PackedBatch(IReadOnlyList<Pack> packs, Device device, ScalarType dtype, bool isPadded = true)
    {
        _width = packs.Max(pack => pack.Length);
        Count = packs.Sum(pack => pack.Rows.Sum(pair => pair.Row.Predicted));
        var (inputs, positions) = (new long[packs.Count * _width], new long[packs.Count * _width]);
        var next = 0;
        var (sources, targets) = (new long[Count], new long[Count]);
        var (weights, shares, old) = (new float[Count], new double[Count], new float[Count]);
        var rows = packs.SelectMany(pack => pack.Rows).Select(pair => pair.Row);
        var reference = rows.Any(row => row.ReferenceLogProbs is not null) ? new float[Count] : null;
        var returns = rows.Any(row => row.Returns is not null) ? new float[Count] : null;
        var shared = isPadded && packs.Any(pack => pack.Rows.Count > 1);
        var mask = shared ? new float[packs.Count * _width * _width] : [];
        var n = 0;
        for (var b = 0; b < packs.Count; b++)
        {
            var (pack, first) = (packs[b], isPadded ? b * _width : next);
            next += pack.Length;
            for (var t = 0; t < pack.Prefix; t++)
                (inputs[first + t], positions[first + t]) = (pack.Rows[0].Row.Tokens[t], t);
            var at = pack.Prefix;
            foreach (var (row, share) in pack.Rows)
            {
                for (var t = pack.Prefix; t < row.Tokens.Length; t++, n++)
                {
                    // The prefix's last state predicts the first token of every branch.
                    (sources[n], targets[n]) = (first + (t == pack.Prefix ? pack.Prefix : at + t - pack.Prefix) - 1, row.Tokens[t]);
                    var place = t - row.Start;
                    var forced = row.ForcedTokens?.Contains(place) is true;
                    (weights[n], shares[n], old[n]) = (forced ? 0 : row.Weights[place], forced ? 0 : share, row.OldLogProbs?[place] ?? 0);
                    if (reference is not null)
                        reference[n] = row.ReferenceLogProbs![place];
                    if (returns is not null)
                        returns[n] = row.Returns![place];
                    if (t + 1 < row.Tokens.Length)
                        (inputs[first + at + t - pack.Prefix], positions[first + at + t - pack.Prefix]) = (row.Tokens[t], t);
                }

                at += row.Tokens.Length - pack.Prefix - 1;
            }

            if (shared)
                Hide(mask.AsSpan(first * _width, _width * _width), pack);
        }

        Positions = packs.Max(pack => pack.Rows.Max(pair => pair.Row.Tokens.Length));
        _inputs = isPadded ? tensor(inputs, [packs.Count, _width], device: device) : null;
        Layout = shared
            ? new(tensor(positions, [packs.Count, _width], device: device), tensor(mask, [packs.Count, 1, _width, _width], dtype, device))
            : null;
        SourcesN = tensor(sources, device: device);
        TargetsN = tensor(targets, device: device);
        // Log-probabilities and losses are never coarse.
        var wide = dtype is ScalarType.BFloat16 or ScalarType.Float16 ? ScalarType.Float32 : dtype;
        WeightsN = tensor(weights, dtype: wide, device: device);
        FactorsN = tensor(shares, dtype: wide, device: device);
        OldLogProbsN = tensor(old, dtype: wide, device: device);
        ReferenceLogProbsN = reference is null ? null : tensor(reference, dtype: wide, device: device);
        ReturnsN = returns is null ? null : tensor(returns, dtype: wide, device: device);
    }

    /// <summary>Predicted tokens.</summary>
    public int Count { get; }

    /// <summary>Positions that occur, at most.</summary>
    public int Positions { get; }

    public Tensor InputsBT => _inputs ?? throw new InvalidOperationException("Expected packs that are padded, found packs one after another.");

    /// <summary>Positions and mask; null where each pack is one row, which is plainly causal.</summary>
    public AttentionLayout? Layout { get; }

    /// <summary>For each predicted token the state that predicts it, counted over all packs.</summary>
    public Tensor SourcesN { get; }

    public Tensor TargetsN { get; }

    public Tensor WeightsN { get; }

    public Tensor FactorsN { get; }

    public Tensor OldLogProbsN { get; }

    /// <summary>Null where no row has any.</summary>
    public Tensor? ReferenceLogProbsN { get; }

    /// <summary>Null where no row has any.</summary>
    public Tensor? ReturnsN { get; }

    // Minus infinity wherever the row's token must not see the column's; padding sees all, and nothing comes of it.
    private void Hide(Span<float> maskTT, Pack pack)
    {
        for (var t = 0; t < pack.Prefix; t++)
            maskTT.Slice(t * _width + t + 1, _width - t - 1).Fill(float.NegativeInfinity);
        var at = pack.Prefix;
        foreach (var (row, _) in pack.Rows)
        {
            var end = at + row.Tokens.Length - pack.Prefix - 1;
            for (var t = at; t < end; t++)
            {
                maskTT.Slice(t * _width + pack.Prefix, at - pack.Prefix).Fill(float.NegativeInfinity);
                maskTT.Slice(t * _width + t + 1, _width - t - 1).Fill(float.NegativeInfinity);
            }

            at = end;
        }
    }
}
