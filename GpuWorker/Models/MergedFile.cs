using System.Buffers.Binary;
using GpuWorker.Checkpoints;
using GpuWorker.Policies;
using static TorchSharp.torch;

namespace GpuWorker.Models;

/// <summary>A file of a base's weights with an adapter merged in: the targets' bytes are computed anew, all else is copied as it stands.</summary>
internal static class MergedFile
{
    /// <summary>The file: the same header, W + alpha / r B A for targets (computed in float32, stored as W is), every other byte the base's.</summary>
    public static StoredBytes Write(StoredBytes file, PolicyAdapter adapter)
    {
        var header = SafetensorsFile.Header(file);
        var gains = adapter.Gains().ToDictionary(pair => pair.Name, pair => pair.Gain, StringComparer.Ordinal);
        var inOrder = SafetensorsFile.Read(file).OrderBy(pair => pair.Value.Offset).ThenBy(pair => pair.Value.Data.Length);
        return StoredBytes.Build(file.Length, stream =>
        {
            Span<byte> prefix = stackalloc byte[8];
            BinaryPrimitives.WriteUInt64LittleEndian(prefix, (ulong)header.Length);
            stream.Write(prefix);
            stream.Write(header);
            foreach (var (name, tensor) in inOrder)
            {
                if (gains.TryGetValue(name, out var gain))
                    WriteMerged(tensor, gain, stream);
                else
                    tensor.Data.WriteTo(stream);
            }
        });
    }

    private static void WriteMerged(StoredTensor tensor, Func<Tensor> gain, Stream stream)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var merged = TensorBytes.Load(tensor).to(ScalarType.Float32).add_(gain().cpu());
        TensorBytes.Write(merged, TensorBytes.TypeOf(tensor.Type), stream);
    }
}
