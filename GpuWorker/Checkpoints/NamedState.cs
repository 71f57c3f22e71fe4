using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Curriculum.Plans;
using Curriculum.Texts;
using Curriculum.Work;

namespace GpuWorker.Checkpoints;

/// <summary>A state as storage has it or will have it: its parts under the names that their hashes give them, and its manifest.</summary>
/// <param name="Folder">Where it lies or will lie, in the <c>runs</c> container.</param>
/// <param name="Own">The parts that lie in its folder, by name.</param>
internal sealed record NamedState(string Folder, StateManifest Manifest, IReadOnlyDictionary<string, StoredBytes> Own)
{
    private const int MostText = 1024;

    /// <summary>The manifest's bytes; equal states have equal ones.</summary>
    public byte[] ManifestBytes { get; } = JsonSerializer.SerializeToUtf8Bytes(Manifest, CurriculumJson.Default.StateManifest);

    public StateRef Ref => new(StorageNames.RunsContainer, Folder, Sha256Hex.Of(ManifestBytes));

    /// <summary>Names the parts of a new state.</summary>
    /// <param name="folder">Its folder.</param>
    /// <param name="own">Its own parts.</param>
    /// <param name="shared">Parts of earlier states that it lists too.</param>
    /// <param name="precision">What its policy is held in.</param>
    public static NamedState Of(
        string folder, IReadOnlyDictionary<string, StoredBytes> own, IReadOnlyDictionary<string, StatePart> shared, Precision precision)
    {
        // Sorted, so that equal parts give an equal manifest.
        var listed = new SortedDictionary<string, StatePart>(shared.ToDictionary(), StringComparer.Ordinal);
        foreach (var (name, bytes) in own)
            listed.Add(name, Name(name, bytes) with { Text = TextOf(bytes) });
        return new(folder, new() { Parts = listed, Precision = precision }, own);
    }

    /// <summary>A few words of JSON, which the manifest holds itself: each blob costs three requests in its life.</summary>
    private static string? TextOf(StoredBytes bytes)
    {
        if (bytes.Length > MostText || bytes.ToArray() is not [(byte)'{', ..] words)
            return null;
        var text = Encoding.UTF8.GetString(words);
        return Encoding.UTF8.GetBytes(text).AsSpan().SequenceEqual(words) ? text : null;
    }

    /// <summary>A part under the name that its hash gives it.</summary>
    public static StatePart Name(string name, StoredBytes bytes)
    {
        using var stream = bytes.OpenRead();
        var hash = Convert.ToHexStringLower(SHA256.HashData(stream));
        return new($"{name}-{hash}", hash, bytes.Length);
    }
}
