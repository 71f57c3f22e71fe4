using GpuWorker.Policies;

namespace GpuWorker.Training.Lanes;

/// <summary>For each position, cosine and sine of each feature of a head as <see cref="Elementwise.Rotate"/> reads them.</summary>
internal sealed unsafe class RotaryRows(PolicyConfig config) : IDisposable
{
    private readonly Scratch _room = new();
    private int _positions;

    public float* Cosines(int position) => _room.Of(0) + (long)position * 2 * config.HeadSize;

    public float* Sines(int position) => Cosines(position) + config.HeadSize;

    /// <summary>Ensures that there are so many positions.</summary>
    public void Grow(int positions)
    {
        if (positions <= _positions)
            return;
        _positions = positions + 64;
        var room = _room.Of((long)_positions * 2 * config.HeadSize);
        var size = config.HeadSize;
        for (var position = 0; position < _positions; position++, room += 2 * size)
        {
            for (var pair = 0; pair < size / 2; pair++)
            {
                var (sine, cosine) = Math.SinCos(position * RotaryEmbedding.Frequency(config, pair));
                if (2 * pair < config.RotatedSize)
                    (sine, cosine) = (sine * config.Rope.Scale, cosine * config.Rope.Scale);
                room[2 * pair] = room[2 * pair + 1] = (float)cosine;
                (room[size + 2 * pair], room[size + 2 * pair + 1]) = ((float)-sine, (float)sine);
            }
        }
    }

    public void Dispose() => _room.Dispose();
}
