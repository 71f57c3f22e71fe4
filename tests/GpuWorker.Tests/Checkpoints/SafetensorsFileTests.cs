using System.Buffers.Binary;
using System.Text;
using GpuWorker.Checkpoints;
using static TorchSharp.torch;

namespace GpuWorker.Tests.Checkpoints;

[Trait("Speed", "fast")]
public sealed class SafetensorsFileTests
{
    public SafetensorsFileTests() => set_num_threads(1);

    [Fact]
    public void A_file_written_by_hand_is_read()
    {
        // BF16 0x3FC0 is 1.5; F16 0xC000 is -2; F32 0x40490FDB is pi.
        var file = Of(
            """{"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[1],"data_offsets":[0,2]},"b":{"dtype":"F16","shape":[1,1],"data_offsets":[2,4]},"c":{"dtype":"F32","shape":[],"data_offsets":[4,8]}}""",
            [0xC0, 0x3F, 0x00, 0xC0, 0xDB, 0x0F, 0x49, 0x40]);
        var read = SafetensorsFile.Read(file);

        using var scope = NewDisposeScope();
        Assert.Equal(["a", "b", "c"], read.Keys.Order());
        Assert.Equal(1.5f, TensorBytes.Load(read["a"]).to(ScalarType.Float32).item<float>());
        Assert.Equal(-2f, TensorBytes.Load(read["b"]).to(ScalarType.Float32).item<float>());
        Assert.Equal(MathF.PI, TensorBytes.Load(read["c"]).item<float>());
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "Expected 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}""", 4, "inside the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", 4, "inside the 4 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", 8, "gap or an overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 4, "gap or an overlap")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 8, "Expected 4 bytes of tensors, found 8")]
    [InlineData("""{"a":{"dtype":"F31","shape":[1],"data_offsets":[0,4]}}""", 4, "found F31")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", 4, "shape")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", 4, "2^40")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", 4, "safetensors header")]
    [InlineData("""{"a":7}""", 4, "safetensors header")]
    [InlineData("""[]""", 4, "safetensors header")]
    [InlineData("""{"a":""", 4, "safetensors header")]
    public void A_broken_header_is_refused_by_name(string header, int dataLength, string named)
    {
        var error = Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(Of(header, new byte[dataLength])));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_longer_than_the_file_is_refused()
    {
        var file = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(file, ulong.MaxValue);
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(file));
        Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(file.AsMemory(0, 7)));
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        var whole = SafetensorsFile.Write(new Dictionary<string, StoredTensor>
        {
            ["b"] = new(StoredType.F32, [2, 1], new byte[8]),
            ["a"] = new(StoredType.I64, [1], new byte[8]),
        });
        for (var length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => SafetensorsFile.Read(whole.Slice(0, length)));
    }

    [Fact]
    public void The_order_given_does_not_change_the_file()
    {
        StoredTensor one = new(StoredType.F32, [1], new byte[] { 1, 2, 3, 4 });
        StoredTensor two = new(StoredType.F32, [1], new byte[] { 5, 6, 7, 8 });
        var forth = SafetensorsFile.Write([new("a", one), new("b", two)]);
        var back = SafetensorsFile.Write([new("b", two), new("a", one)]);

        Assert.Equal(forth.ToArray(), back.ToArray());
        Assert.Equal(0, (forth.Length - 8) % 8);
        Assert.Equal(one.Data.ToArray(), SafetensorsFile.Read(forth)["a"].Data.ToArray());
    }

    private static byte[] Of(string header, byte[] data)
    {
        var text = Encoding.UTF8.GetBytes(header);
        var length = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)text.Length);
        return [.. length, .. text, .. data];
    }
}
