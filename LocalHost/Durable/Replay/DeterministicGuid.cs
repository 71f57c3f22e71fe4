using System.Security.Cryptography;
using System.Text;

namespace LocalHost.Durable.Replay;

/// <summary>Name-based GUIDs (RFC 9562, version 5).</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("5b7c5e0e-6a0b-4f0e-9a55-1d0c6f9d8a21");

    public static Guid Of(string name)
    {
        Span<byte> source = stackalloc byte[16 + Encoding.UTF8.GetMaxByteCount(name.Length)];
        Namespace.TryWriteBytes(source, bigEndian: true, out _);
        var length = 16 + Encoding.UTF8.GetBytes(name, source[16..]);
        Span<byte> hash = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // Version 5 is defined over SHA-1; nothing here is secret.
        SHA1.HashData(source[..length], hash);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new(hash[..16], bigEndian: true);
    }
}
