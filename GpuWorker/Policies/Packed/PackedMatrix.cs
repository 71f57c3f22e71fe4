using static TorchSharp.torch;

namespace GpuWorker.Policies.Packed;

/// <summary>A matrix [outputs, inputs] in blocks of 16 outputs: the 16 weights of one input lie side by side. Outputs that fill the last block are 0.</summary>
internal sealed unsafe class PackedMatrix : IDisposable
{
    /// <summary>Outputs of a block.</summary>
    public const int Block = 16;

    private readonly AlignedBuffer _weights;

    /// <param name="matrix">Of single numbers on the CPU, [outputs, inputs].</param>
    public PackedMatrix(Tensor matrix)
    {
        (Outputs, Inputs) = ((int)matrix.shape[0], (int)matrix.shape[1]);
        _weights = new((long)Blocks * Block * Inputs);
        var plain = matrix.contiguous().data<float>().ToArray();
        new Span<float>(_weights.Pointer, (int)_weights.Length).Clear();
        for (var output = 0; output < Outputs; output++)
        {
            var to = _weights.Pointer + (long)output / Block * Block * Inputs + output % Block;
            var row = plain.AsSpan(output * Inputs, Inputs);
            for (var input = 0; input < row.Length; input++)
                to[input * Block] = row[input];
        }
    }

    public int Outputs { get; }

    public int Inputs { get; }

    public int Blocks => (Outputs + Block - 1) / Block;

    public float* Weights => _weights.Pointer;

    public long Bytes => _weights.Length * sizeof(float);

    public void Dispose() => _weights.Dispose();
}
