using System.Buffers.Binary;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Models;

/// <summary>A file of a base's weights with an adapter merged in: the targets' bytes are recomputed, everything else is copied.</summary>
internal static class AdapterMerge
{
    /// <summary>The file: the same header, W + alpha / r B A for targets (computed in float32, stored as W is), every other byte the base's.</summary>
    public static StoredBytes Write(StoredBytes file, PolicyAdapter adapter)
    {
        var header = SafetensorsFile.Header(file);
        var deltas = adapter.DeltaWeights().ToDictionary(pair => pair.Name, pair => pair.Delta, StringComparer.Ordinal);
        var inOrder = SafetensorsFile.Read(file).OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.Data.Length);
        return StoredBytes.Build(file.Length, stream =>
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var (name, tensor) in inOrder)
            {
                if (deltas.TryGetValue(name, out var delta))
                    WriteMerged(tensor, delta, stream);
                else
                    tensor.Data.WriteTo(stream);
            }
        });
    }

    private static void WriteMerged(StoredTensor tensor, Func<Tensor> delta, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var merged = TensorBytes.Load(tensor).to(ScalarType.Float32).add_(delta().cpu());
        TensorBytes.Write(merged, TensorBytes.TypeOf(tensor.Type), stream);
    }
}
