namespace Curriculum.Work;

/// <summary>An immutable blob and the SHA-256 (lower-case hex) of its bytes.</summary>
public sealed record BlobRef(string Container, string Name, string Sha256);
