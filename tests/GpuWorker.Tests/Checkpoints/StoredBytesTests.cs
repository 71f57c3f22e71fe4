using GpuWorker.Checkpoints;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Checkpoints;

/// <summary>Bytes in a file, read across the blocks that it is mapped in.</summary>
[Trait("Speed", "fast")]
public sealed class StoredBytesTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"stored-{Guid.NewGuid():N}");
    private readonly byte[] _expected = new byte[2 * StoredBytes.Block + 4099];

    public StoredBytesTests()
    {
        set_num_threads(1);
        new Random(1).NextBytes(_expected);
        File.WriteAllBytes(_path, _expected);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(StoredBytes.Block - 3, 7)]
    [InlineData(5, StoredBytes.Block)]
    [InlineData(4095, StoredBytes.Block + 4097)]
    [InlineData(1, 2 * StoredBytes.Block + 4098)]
    [InlineData(2 * StoredBytes.Block + 4099, 0)]
    public void A_part_across_blocks_is_what_the_file_has_there(int offset, int length)
    {
        var file = StoredBytes.OpenFile(_path);
        Assert.True(file.InFile);
        var copy = new byte[length];
        file.CopyTo(offset, copy);
        Assert.True(_expected.AsSpan(offset, length).SequenceEqual(copy));

        var inner = length / 3;
        var part = file.Slice(offset, length).Slice(inner, length - inner);
        Assert.True(_expected.AsSpan(offset + inner, length - inner).SequenceEqual(part.ToArray()));
        using MemoryStream written = new(), read = new();
        part.WriteTo(written);
        using (var stream = part.OpenRead())
            stream.CopyTo(read);
        Assert.True(written.ToArray().AsSpan().SequenceEqual(part.ToArray()));
        Assert.True(read.ToArray().AsSpan().SequenceEqual(part.ToArray()));
        Assert.Throws<ArgumentOutOfRangeException>(() => part.CopyTo(1, new byte[part.Length]));
        Assert.Throws<ArgumentOutOfRangeException>(() => file.Slice(1, file.Length));
    }

    [Fact]
    public void A_tensor_of_more_elements_than_are_converted_at_once_is_read_whole()
    {
        // 5,000,000 numbers of two bytes at an odd offset: two conversions, two blocks.
        const int count = 5_000_000;
        var bits = new ushort[count];
        for (var i = 0; i < count; i++)
            bits[i] = (ushort)(i % 0x7F80);
        File.WriteAllBytes(_path, [7, 7, 7, .. System.Runtime.InteropServices.MemoryMarshal.AsBytes<ushort>(bits)]);
        StoredTensor stored = new(StoredType.BF16, [count], StoredBytes.OpenFile(_path).Slice(3, 2 * count));
        Assert.True(FiniteCheck.All(stored));
        using var loaded = TensorBytes.Load(stored);
        using var wide = zeros(count);
        TensorBytes.CopyTo(stored, wide);
        var numbers = wide.data<float>().ToArray();
        for (var i = 0; i < count; i++)
        {
            if (BitConverter.SingleToUInt32Bits(numbers[i]) != (uint)bits[i] << 16)
                Assert.Fail($"Expected bits {bits[i]:X4} at {i}, found {numbers[i]}.");
        }

        using MemoryStream back = new();
        TensorBytes.Write(loaded, ScalarType.BFloat16, back);
        Assert.True(back.ToArray().AsSpan().SequenceEqual(stored.Data.ToArray()));
    }

    [Fact]
    public void What_is_too_large_for_memory_is_built_in_a_file_without_a_name()
    {
        var built = StoredBytes.Build(StoredBytes.FileFrom + 1, stream =>
        {
            for (var at = 0L; at <= StoredBytes.FileFrom; at += _expected.Length)
                stream.Write(_expected.AsSpan(0, (int)Math.Min(_expected.Length, StoredBytes.FileFrom + 1 - at)));
        });
        Assert.True(built.InFile);
        Span<byte> end = stackalloc byte[3];
        built.CopyTo(StoredBytes.FileFrom - 2, end);
        var last = (int)((StoredBytes.FileFrom - 2) % _expected.Length);
        Assert.True(_expected.AsSpan(last, 3).SequenceEqual(end));
        Assert.Throws<InvalidOperationException>(() => StoredBytes.Build(StoredBytes.FileFrom, stream => stream.WriteByte(1)));
    }

    public void Dispose() => File.Delete(_path);
}
