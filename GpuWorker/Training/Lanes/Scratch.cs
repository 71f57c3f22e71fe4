using GpuWorker.Policies.Packed;

namespace GpuWorker.Training.Lanes;

/// <summary>Room that grows and is used again; 0 where nothing was written, so that what is read beyond a row's end is a number.</summary>
internal sealed unsafe class Scratch : IDisposable
{
    // What is read in whole registers, and 16 rows at a time, may reach beyond the end.
    private const int Beyond = 16 * 4096;

    private AlignedBuffer? _buffer;

    public float* Of(long numbers)
    {
        if (_buffer is null || _buffer.Length < numbers + Beyond)
        {
            _buffer?.Dispose();
            _buffer = new(numbers + numbers / 4 + Beyond);
            for (var from = 0L; from < _buffer.Length; from += 1 << 20)
                new Span<float>(_buffer.Pointer + from, (int)Math.Min(1 << 20, _buffer.Length - from)).Clear();
        }

        return _buffer.Pointer;
    }

    public void Dispose() => _buffer?.Dispose();
}
