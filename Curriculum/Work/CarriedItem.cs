using System.IO.Compression;
using System.Text.Json;
using Curriculum.Texts;

namespace Curriculum.Work;

/// <summary>An item within its own message, so that a worker need not read its blob.</summary>
public static class CarriedItem
{
    /// <summary>The message's bytes, with the item in it where that is at most <see cref="StorageNames.MaxMessageBytes"/>.</summary>
    /// <exception cref="InvalidOperationException">The message is too long without it.</exception>
    public static byte[] Write(WorkMessage message, ReadOnlySpan<byte> item)
    {
        var bytes = Bytes(message with { Item = Pack(item) });
        if (bytes.Length > StorageNames.MaxMessageBytes)
            bytes = Bytes(message with { Item = null });
        return bytes.Length <= StorageNames.MaxMessageBytes
            ? bytes
            : throw new InvalidOperationException($"Expected a work message of at most {StorageNames.MaxMessageBytes} bytes, made one of {bytes.Length} for {message.Id}.");
    }

    /// <summary>The item's bytes; null where the message has none that its hash confirms.</summary>
    public static byte[]? Read(WorkMessage message)
    {
        if (message.Item is not { } packed)
            return null;
        try
        {
            using DeflateStream unpacking = new(new MemoryStream(packed), CompressionMode.Decompress);
            using MemoryStream item = new();
            unpacking.CopyTo(item);
            var bytes = item.ToArray();
            return Sha256Hex.Of(bytes) == message.InputHash ? bytes : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static byte[] Bytes(WorkMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, CurriculumJson.Default.WorkMessage);

    private static byte[] Pack(ReadOnlySpan<byte> item)
    {
        using MemoryStream packed = new();
        using (DeflateStream packing = new(packed, CompressionLevel.Optimal, leaveOpen: true))
            packing.Write(item);
        return packed.ToArray();
    }
}
