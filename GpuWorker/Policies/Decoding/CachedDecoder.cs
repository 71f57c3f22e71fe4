using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies.Decoding;

/// <summary>Continues rows of prompts that were read, a token of each at a time.</summary>
/// <remarks>Keys and values of a prompt stand once for all of its rows; each row has its own for what it wrote. B rows, P prompts, V vocabulary, T slots of the prompts.</remarks>
internal sealed class CachedDecoder : IDisposable
{
    private readonly PolicyConfig _config;
    private readonly DecoderWeights _weights;
    private readonly Scalar _eps;
    private KeyValueCache _prompts;
    private KeyValueCache _rows;
    private Tensor? _maskPT;
    private RowPlaces _places;
    private int _slot;

    /// <param name="fused">The policy; not disposed with this.</param>
    /// <param name="prompts">The keys and values of the prompts; disposed with this.</param>
    /// <param name="maskPT">0, or minus infinity for a slot of a prompt that is not seen; null where all are. Disposed with this.</param>
    /// <param name="promptOfRow">For each row its prompt.</param>
    /// <param name="newTokens">How many tokens are appended to a row at most.</param>
    public CachedDecoder(FusedWeights fused, KeyValueCache prompts, Tensor? maskPT, IReadOnlyList<int> promptOfRow, int newTokens)
    {
        (_config, _prompts, _maskPT) = (fused.Config, prompts, maskPT?.DetachFromDisposeScope());
        var (device, dtype) = (fused.Embedding.device, fused.Embedding.dtype);
        _weights = new(fused);
        _eps = fused.Config.RmsNormEps;
        _rows = new(fused.Config, promptOfRow.Count, newTokens, dtype, device);
        _places = new([.. promptOfRow], (int)prompts.Batch, device);
    }

    /// <summary>The logits [B, V] after one more token of each row.</summary>
    /// <param name="tokensB">Token ids, int64.</param>
    /// <param name="rotaryBP">The rows of the rotary table for each token's own position.</param>
    public Tensor Next(Tensor tokensB, Tensor rotaryBP)
    {
        if (tokensB.dim() != 1 || tokensB.shape[0] != _rows.Batch)
            throw new ArgumentException($"Expected {_rows.Batch} tokens, one for each row, found shape [{string.Join(", ", tokensB.shape)}].");
        if (_slot == _rows.Slots)
            throw new InvalidOperationException($"Expected at most {_rows.Slots} more tokens of a row, found one beyond.");
        using var scope = NewDisposeScope();
        var mask = _maskPT is { } hidden ? hidden.view(hidden.shape[0], 1, 1, hidden.shape[1]) : _weights.None;
        return DecoderScript.Step(
        [
            tokensB, rotaryBP.unsqueeze(1), _weights.Layers, _weights.Ends, _rows.Keys, _rows.Values, _prompts.Keys, _prompts.Values, mask,
            _places.RowOfPlace ?? _weights.None, _places.PlaceOfRow ?? _weights.None, _slot++, _config.KeyValueHeads, _config.HeadSize, _eps,
        ]).MoveToOuterDisposeScope();
    }

    /// <summary>Goes on with these rows alone, and with the prompts that they have.</summary>
    /// <param name="rows">Their indexes now, in order.</param>
    public void Keep(IReadOnlyList<int> rows)
    {
        int[] prompts = [.. rows.Select(row => _places.PromptOfRow[row])];
        int[] read = [.. prompts.Distinct().Order()];
        Exchange(ref _rows, rows);
        if (read.Length < _prompts.Batch)
        {
            Exchange(ref _prompts, read);
            if (_maskPT is { } before)
            {
                using var indexes = Indexes(read);
                _maskPT = before.index_select(0, indexes).DetachFromDisposeScope();
                before.Dispose();
            }
        }

        _places.Dispose();
        _places = new([.. prompts.Select(prompt => Array.BinarySearch(read, prompt))], read.Length, _weights.None.device);
    }

    public void Dispose()
    {
        _maskPT?.Dispose();
        _places.Dispose();
        _rows.Dispose();
        _prompts.Dispose();
        _weights.Dispose();
    }

    private void Exchange(ref KeyValueCache cache, IReadOnlyList<int> kept)
    {
        using var indexes = Indexes(kept);
        var smaller = cache.Select(indexes);
        cache.Dispose();
        cache = smaller;
    }

    private Tensor Indexes(IReadOnlyList<int> values) => tensor(values.Select(value => (long)value).ToArray(), device: _weights.None.device);
}
