using GpuWorker.Policies.Packed;

namespace GpuWorker.Rollouts.Lanes;

/// <summary>The keys and values of one prompt, computed once and read by every row that continues it.</summary>
/// <remarks>By layer: keys [features, positions] and values [positions, features], positions padded to whole registers.</remarks>
internal sealed unsafe class PromptKeysValues : IDisposable
{
    private readonly AlignedBuffer _memory;
    private readonly int _size;

    /// <param name="layers">The policy's layers.</param>
    /// <param name="size">Features of a token's keys, and of its values.</param>
    /// <param name="length">Tokens of the prompt.</param>
    public PromptKeysValues(int layers, int size, int length)
    {
        (_size, Padded) = (size, TileLayout.Padded(length));
        _memory = new(2L * layers * size * Padded);

        // What is not written yet is multiplied by a probability of 0.
        new Span<float>(_memory.Pointer, (int)_memory.Length).Clear();
    }

    /// <summary>Positions, padding included.</summary>
    public int Padded { get; }

    /// <summary>A layer's keys: <see cref="Padded"/> positions of each feature.</summary>
    public float* Keys(int layer) => _memory.Pointer + 2L * layer * _size * Padded;

    /// <summary>A layer's values: the features of each position.</summary>
    public float* Values(int layer) => Keys(layer) + (long)_size * Padded;

    /// <summary>Stores the keys and values of one lane's token.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="position">The token's position.</param>
    /// <param name="keys">The tile's keys and then its values, from the lane's own on.</param>
    public void Store(int layer, int position, float* keys)
    {
        var toKeys = Keys(layer) + position;
        var toValues = Values(layer) + (long)position * _size;
        var values = keys + (long)_size * LaneTile.Lanes;
        for (var i = 0; i < _size; i++)
        {
            toKeys[(long)i * Padded] = keys[i * LaneTile.Lanes];
            toValues[i] = values[i * LaneTile.Lanes];
        }
    }

    public void Dispose() => _memory.Dispose();
}
