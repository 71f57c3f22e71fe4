namespace Curriculum.Work;

/// <summary>A state's blob: its manifest as one line of JSON, then the parts that are small, so that a small policy is one blob with all that it has.</summary>
public static class StateBlob
{
    /// <summary>A part of fewer bytes lies in the state's blob; a larger one is a blob of its own, which those who need it alone read.</summary>
    public const long LargeFrom = 4 << 20;

    /// <summary>The manifest's bytes, and those of the parts.</summary>
    public static (ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte> Parts) Split(ReadOnlyMemory<byte> bytes) =>
        bytes.Span.IndexOf((byte)'\n') is >= 0 and var end ? (bytes[..end], bytes[(end + 1)..]) : (bytes, default);

    /// <summary>The bytes of a part, as many as there are.</summary>
    public static ReadOnlyMemory<byte> Slice(ReadOnlyMemory<byte> parts, StatePart part)
    {
        var start = Math.Clamp(part.Start ?? 0, 0, parts.Length);
        return parts.Slice((int)start, (int)Math.Clamp(part.Bytes, 0, parts.Length - start));
    }
}
