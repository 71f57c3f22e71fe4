using System.Security.Cryptography;
using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Holds a stored state to its hashes: the manifest to its reference, every part to the manifest.</summary>
public sealed class StateCheck(JsonBlobs blobs)
{
    /// <summary>What is wrong with the state, the blob named; null where every byte is as it was written.</summary>
    public async Task<string?> FaultAsync(StateRef state, CancellationToken cancellationToken)
    {
        var name = $"{state.Container}/{StorageNames.StateBlob(state.Folder)}";
        if (await SmallAsync(state.Container, StorageNames.StateBlob(state.Folder), cancellationToken) is not { } own)
            return $"Expected the blob {name} with a manifest of SHA-256 {state.Manifest}, found none.";
        if (Sha256Hex.Of(own.Manifest.Span) is var found && found != state.Manifest)
            return $"Expected a manifest of SHA-256 {state.Manifest} in {name}, found {found}.";
        StateManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(own.Manifest.Span, CurriculumJson.Default.StateManifest) ?? throw new JsonException("it is null");
        }
        catch (JsonException fault)
        {
            return $"Expected a manifest in {name}: {JsonFault.Words(fault)}";
        }

        Dictionary<string, ReadOnlyMemory<byte>> read = new() { [StorageNames.StateBlob(state.Folder)] = own.Parts };
        foreach (var part in manifest.Parts.Values)
        {
            if (await FaultAsync(state.Container, part.Blob(state.Folder), part, read, cancellationToken) is { } partFault)
                return partFault;
        }

        return null;
    }

    private async Task<string?> FaultAsync(
        string container, string blob, StatePart part, Dictionary<string, ReadOnlyMemory<byte>> read, CancellationToken cancellationToken)
    {
        string? found;
        if (part.Start is null)
        {
            found = await HashAsync(container, blob, cancellationToken);
        }
        else
        {
            if (!read.ContainsKey(blob) && await SmallAsync(container, blob, cancellationToken) is { } other)
                read[blob] = other.Parts;
            found = read.TryGetValue(blob, out var parts) ? Sha256Hex.Of(StateBlob.Slice(parts, part).Span) : null;
        }

        return found == part.Sha256 ? null
            : found is null ? $"Expected the blob {container}/{blob} with SHA-256 {part.Sha256}, found none."
            : $"Expected SHA-256 {part.Sha256} of {part.Name} in {container}/{blob}, found {found}.";
    }

    private async Task<(ReadOnlyMemory<byte> Manifest, ReadOnlyMemory<byte> Parts)?> SmallAsync(string container, string name, CancellationToken cancellationToken) =>
        await blobs.FindBytesAsync(container, name, cancellationToken) is { } bytes ? StateBlob.Split(bytes.ToMemory()) : null;

    // By stream: a part may be larger than memory allows.
    private async Task<string?> HashAsync(string container, string name, CancellationToken cancellationToken)
    {
        await using var content = await blobs.OpenAsync(container, name, cancellationToken);
        return content is null ? null : Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
    }
}
