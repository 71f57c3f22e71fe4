using System.Security.Cryptography;
using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace GpuWorker.Checkpoints;

/// <summary>A state as storage has it or will have it: its parts where they lie, and its manifest.</summary>
/// <param name="Folder">Where it lies or will lie, in the <c>runs</c> container.</param>
/// <param name="Own">The parts that lie in its folder, by name.</param>
internal sealed record NamedState(string Folder, StateManifest Manifest, IReadOnlyDictionary<string, StoredBytes> Own)
{
    /// <summary>The manifest's bytes; equal states have equal ones.</summary>
    public byte[] ManifestBytes { get; } = JsonSerializer.SerializeToUtf8Bytes(Manifest, CurriculumJson.Default.StateManifest);

    public StateRef Ref => new(StorageNames.RunsContainer, Folder, Sha256Hex.Of(ManifestBytes));

    /// <summary>Names the parts of a new state, and places the small ones in its blob.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="own">Its own parts.</param>
    /// <param name="shared">Parts of earlier states that it lists too.</param>
    /// <param name="precision">What its policy is held in.</param>
    public static NamedState Of(
        string folder, IReadOnlyDictionary<string, StoredBytes> own, IReadOnlyDictionary<string, StatePart> shared, Precision precision)
    {
        // Sorted, so that equal parts give an equal manifest.
        var listed = new SortedDictionary<string, StatePart>(shared.ToDictionary(), StringComparer.Ordinal);
        var end = 0L;
        foreach (var (name, bytes) in own.OrderBy(part => part.Key, StringComparer.Ordinal))
        {
            var isLarge = bytes.Length >= StateBlob.LargeFrom;
            listed.Add(name, Name(name, bytes) with { Start = isLarge ? null : end });
            end += isLarge ? 0 : bytes.Length;
        }

        return new(folder, new() { Parts = listed, Precision = precision }, own);
    }

    /// <summary>The parts that become blobs of their own.</summary>
    public IEnumerable<(StatePart Part, StoredBytes Bytes)> Large => Parts.Where(own => own.Part.Start is null);

    /// <summary>The parts that become a part of the state's blob.</summary>
    public IEnumerable<(StatePart Part, StoredBytes Bytes)> Small => Parts.Where(own => own.Part.Start is not null);

    private IEnumerable<(StatePart Part, StoredBytes Bytes)> Parts => Manifest.Parts.Where(part => part.Value.Folder is null).Select(part => (part.Value, Own[part.Key]));

    /// <summary>The bytes of the state's blob.</summary>
    public byte[] BlobBytes()
    {
        var begin = ManifestBytes.Length + 1;
        var bytes = new byte[begin + Small.Sum(own => own.Bytes.Length)];
        ManifestBytes.CopyTo(bytes, 0);
        bytes[begin - 1] = (byte)'\n';
        foreach (var (part, content) in Small)
            content.CopyTo(0, bytes.AsSpan(begin + (int)part.Start!.Value, (int)content.Length));
        return bytes;
    }

    /// <summary>A part under the name that its hash gives it.</summary>
    public static StatePart Name(string name, StoredBytes bytes)
    {
        using var stream = bytes.OpenRead();
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new($"{name}-{hash}", hash, bytes.Length);
    }
}
