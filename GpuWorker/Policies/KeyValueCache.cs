using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Keys and values of every layer, [B, K, slots, D], filled from the left.</summary>
internal sealed class KeyValueCache : IDisposable
{
    private readonly Tensor[] _keys;
    private readonly Tensor[] _values;

    public KeyValueCache(PolicyConfig config, long batch, long slots, ScalarType dtype, Device device)
    {
        Slots = slots;
        Tensor Zeros() => zeros([batch, config.KeyValueHeads, slots, config.HeadSize], dtype: dtype, device: device).DetachFromDisposeScope();
        _keys = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Zeros())];
        _values = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Zeros())];
    }

    private KeyValueCache(Tensor[] keys, Tensor[] values) => (_keys, _values, Slots) = (keys, values, keys[0].shape[2]);

    public long Slots { get; }

    public long Batch => _keys[0].shape[0];

    /// <summary>Writes keys and values [B, K, T, D] of a layer at slots <paramref name="at"/> to at + T.</summary>
    public void Store(int layer, Tensor keysBKTD, Tensor valuesBKTD, long at)
    {
        _keys[layer].narrow(2, at, keysBKTD.shape[2]).copy_(keysBKTD);
        _values[layer].narrow(2, at, valuesBKTD.shape[2]).copy_(valuesBKTD);
    }

    /// <summary>The first slots of a layer.</summary>
    public (Tensor KeysBKTD, Tensor ValuesBKTD) Load(int layer, long slots) =>
        (_keys[layer].narrow(2, 0, slots), _values[layer].narrow(2, 0, slots));

    /// <summary>A cache whose row i is this one's row <c>rows[i]</c>: branches of a prompt, or the rows that go on.</summary>
    public KeyValueCache Select(Tensor rows)
    {
        Tensor Pick(Tensor all) => all.index_select(0, rows).DetachFromDisposeScope();
        return new([.. _keys.Select(Pick)], [.. _values.Select(Pick)]);
    }

    public void Dispose()
    {
        foreach (var tensor in _keys.Concat(_values))
            tensor.Dispose();
    }
}
