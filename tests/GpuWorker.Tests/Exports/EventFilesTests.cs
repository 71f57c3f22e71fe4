using System.Buffers.Binary;
using System.Numerics;
using Curriculum.Api;
using Curriculum.Plans;
using Google.Protobuf;
using GpuWorker.Exports;

namespace GpuWorker.Tests.Exports;

/// <summary>Event files, read as their format has it: records with masked checksums, each a message with a step and a value.</summary>
[Trait("Speed", "fast")]
public sealed class EventFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("events-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Each_attempt_has_a_folder_with_every_value_of_every_figure_at_its_iteration()
    {
        var folders = EventFiles.Write(new() { Attempts = [Attempt(0, new("loss", [0, 1, 5], [0.5, 0.25, -3]), new("validationGreedy", [-1, 5], [0, 1])), Attempt(1)] }, _folder.FullName);

        var folder = Assert.Single(folders);
        Assert.Equal(Path.Combine(_folder.FullName, "srl-rlvr-seed7-stage0-attempt0"), folder);
        Assert.Equal(
            [("loss", 0, 0.5f), ("loss", 1, 0.25f), ("loss", 5, -3f), ("validationGreedy", -1, 0f), ("validationGreedy", 5, 1f)],
            Read(File.ReadAllBytes(Assert.Single(Directory.GetFiles(folder)))));
    }

    [Fact]
    public void Figures_that_were_written_before_are_not_written_beside()
    {
        RunMetrics metrics = new() { Attempts = [Attempt(0, new MetricLine("loss", [0], [1]))] };
        EventFiles.Write(metrics, _folder.FullName);
        Assert.Contains("srl-rlvr-seed7-stage0-attempt0", Assert.Throws<IOException>(() => EventFiles.Write(metrics, _folder.FullName)).Message, StringComparison.Ordinal);
    }

    private static AttemptMetrics Attempt(int attempt, params MetricLine[] lines) => new()
    {
        Arm = "srl-rlvr",
        Seed = 7,
        Stage = 0,
        Attempt = attempt,
        Method = Method.Srl,
        Iterations = 2,
        Updates = 2,
        Compute = 1,
        Alarms = [],
        Lines = lines,
    };

    private static List<(string Tag, int Step, float Value)> Read(ReadOnlySpan<byte> file)
    {
        var values = new List<(string, int, float)>();
        while (file.Length > 0)
        {
            var length = (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
            Assert.Equal(Masked(file[..8]), BinaryPrimitives.ReadUInt32LittleEndian(file[8..]));
            var record = file.Slice(12, length);
            Assert.Equal(Masked(record), BinaryPrimitives.ReadUInt32LittleEndian(file[(12 + length)..]));
            file = file[(16 + length)..];
            if (Value(record.ToArray()) is { } value)
                values.Add(value);
        }

        return values;
    }

    /// <summary>Event: 2 step, 5 summary. Summary: 1 value. Value: 1 tag, 2 simple value.</summary>
    private static (string, int, float)? Value(byte[] record)
    {
        var (input, step, summary) = (new CodedInputStream(record), 0, (byte[]?)null);
        while (input.ReadTag() is var tag and not 0)
        {
            switch (WireFormat.GetTagFieldNumber(tag))
            {
                case 2:
                    step = (int)input.ReadInt64();
                    break;
                case 5:
                    summary = input.ReadBytes().ToByteArray();
                    break;
                default:
                    input.SkipLastField();
                    break;
            }
        }

        if (summary is null)
            return null;
        var outer = new CodedInputStream(summary);
        Assert.Equal(1, WireFormat.GetTagFieldNumber(outer.ReadTag()));
        var value = new CodedInputStream(outer.ReadBytes().ToByteArray());
        Assert.Equal(1, WireFormat.GetTagFieldNumber(value.ReadTag()));
        var name = value.ReadString();
        Assert.Equal(2, WireFormat.GetTagFieldNumber(value.ReadTag()));
        return (name, step, value.ReadFloat());
    }

    private static uint Masked(ReadOnlySpan<byte> bytes)
    {
        var sum = uint.MaxValue;
        foreach (var one in bytes)
            sum = BitOperations.Crc32C(sum, one);
        sum = ~sum;
        return BitOperations.RotateRight(sum, 15) + 0xA282EAD8;
    }
}
