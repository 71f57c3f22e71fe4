using TorchSharp;
using static TorchSharp.torch;

namespace GpuWorker.Policies;

/// <summary>Keys and values of every layer, [B, K, slots, D], filled from the left.</summary>
internal sealed class KeyValueCache : IDisposable
{
    public KeyValueCache(PolicyConfig config, long batch, long slots, ScalarType dtype, Device device)
    {
        Slots = slots;
        Tensor Zeros() => zeros([batch, config.KeyValueHeads, slots, config.HeadSize], dtype: dtype, device: device).DetachFromDisposeScope();
        Keys = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Zeros())];
        Values = [.. Enumerable.Range(0, config.NumHiddenLayers).Select(_ => Zeros())];
    }

    private KeyValueCache(Tensor[] keys, Tensor[] values) => (Keys, Values, Slots) = (keys, values, keys[0].shape[2]);

    /// <summary>Of each layer.</summary>
    public Tensor[] Keys { get; }

    /// <summary>Of each layer.</summary>
    public Tensor[] Values { get; }

    public long Slots { get; }

    public long Batch => Keys[0].shape[0];

    /// <summary>Writes keys and values [B, K, T, D] of a layer at slots <paramref name="at"/> to at + T.</summary>
    public void Store(int layer, Tensor keysBKTD, Tensor valuesBKTD, long at)
    {
        Keys[layer].narrow(2, at, keysBKTD.shape[2]).copy_(keysBKTD);
        Values[layer].narrow(2, at, valuesBKTD.shape[2]).copy_(valuesBKTD);
    }

    /// <summary>A cache whose row i is this one's row <c>rows[i]</c>: the rows that go on.</summary>
    public KeyValueCache Select(Tensor rows)
    {
        Tensor Pick(Tensor all) => all.index_select(0, rows).DetachFromDisposeScope();
        return new([.. Keys.Select(Pick)], [.. Values.Select(Pick)]);
    }

    public void Dispose()
    {
        foreach (var tensor in Keys.Concat(Values))
            tensor.Dispose();
    }
}
