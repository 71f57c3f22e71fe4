using System.Text;

namespace GpuWorker.Tests.Models.Elsewhere;

/// <summary>Writes a GGUF file, version 3: keys, and float32 tensors; the format that llama.cpp reads.</summary>
internal sealed class GgufFile
{
    private const int Alignment = 32;

    private readonly List<(string Key, object Value)> _keys = [];
    private readonly List<(string Name, long[] Shape, float[] Values)> _tensors = [];

    /// <summary>Adds a key with a string, a uint or a float.</summary>
    public void Key(string key, object value) => _keys.Add((key, value));

    /// <summary>Adds a tensor, row by row.</summary>
    public void Tensor(string name, long[] shape, float[] values) => _tensors.Add((name, shape, values));

    public void Write(string path)
    {
        using BinaryWriter writer = new(File.Create(path));
        writer.Write("GGUF"u8);
        writer.Write(3u);
        writer.Write((ulong)_tensors.Count);
        writer.Write((ulong)_keys.Count);
        foreach (var (key, value) in _keys)
        {
            Text(writer, key);
            switch (value)
            {
                case uint number:
                    writer.Write(4u);
                    writer.Write(number);
                    break;
                case float number:
                    writer.Write(6u);
                    writer.Write(number);
                    break;
                default:
                    writer.Write(8u);
                    Text(writer, (string)value);
                    break;
            }
        }

        var offset = 0L;
        foreach (var (name, shape, values) in _tensors)
        {
            Text(writer, name);
            writer.Write((uint)shape.Length);
            foreach (var size in shape.Reverse())
                writer.Write((ulong)size);
            writer.Write(0u);
            writer.Write((ulong)offset);
            offset = Aligned(offset + values.Length * 4L);
        }

        foreach (var (_, _, values) in _tensors)
        {
            writer.Write(new byte[Aligned(writer.BaseStream.Position) - writer.BaseStream.Position]);
            writer.Write(System.Runtime.InteropServices.MemoryMarshal.AsBytes<float>(values));
        }

        writer.Write(new byte[Aligned(writer.BaseStream.Position) - writer.BaseStream.Position]);
    }

    private static long Aligned(long at) => (at + Alignment - 1) / Alignment * Alignment;

    private static void Text(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }
}
