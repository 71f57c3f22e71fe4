using System.Security.Cryptography;

namespace Curriculum.Texts;

/// <summary>SHA-256 as lower-case hex: the form in which every hash of the project is written.</summary>
public static class Sha256Hex
{
    public static string Of(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));
}
