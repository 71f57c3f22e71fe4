using System.Runtime.InteropServices;

namespace GpuWorker.Policies.Packed;

/// <summary>Single numbers outside the managed heap, aligned so that a register is read from one cache line.</summary>
internal sealed unsafe class AlignedBuffer : IDisposable
{
    private const int Alignment = 64;

    private float* _pointer;

    public AlignedBuffer(long length)
    {
        Length = length;
        _pointer = (float*)NativeMemory.AlignedAlloc((nuint)Math.Max(1, length) * sizeof(float), Alignment);
    }

    ~AlignedBuffer() => Free();

    public long Length { get; }

    public float* Pointer => _pointer;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_pointer);
        _pointer = null;
    }
}
