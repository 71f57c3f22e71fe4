using System.Security.Cryptography;
using System.Text.Json;
using Azure;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Holds a stored state to its hashes: the manifest to its reference, every part to the manifest.</summary>
public sealed class StateCheck(JsonBlobs blobs)
{
    /// <summary>What is wrong with the state, the blob named; null where every byte is as it was written.</summary>
    public async Task<string?> FaultAsync(StateRef state, CancellationToken cancellationToken)
    {
        var name = StorageNames.Manifest(state.Folder);
        if (await BlobFaultAsync(state.Container, name, state.Manifest, cancellationToken) is { } fault)
            return fault;
        StateManifest manifest;
        try
        {
            manifest = await blobs.ReadAsync(state.Container, name, CurriculumJson.Default.StateManifest, cancellationToken);
        }
        catch (JsonException unreadable)
        {
            return $"Expected a manifest in {state.Container}/{name}: {unreadable.Message}";
        }

        foreach (var part in manifest.Parts.Values)
        {
            if (await BlobFaultAsync(state.Container, part.Blob(state.Folder), part.Sha256, cancellationToken) is { } partFault)
                return partFault;
        }

        return null;
    }

    private async Task<string?> BlobFaultAsync(string container, string name, string hash, CancellationToken cancellationToken)
    {
        try
        {
            // By stream: a part may be larger than memory allows.
            await using var content = await blobs.Blob(container, name).OpenReadAsync(cancellationToken: cancellationToken);
            var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
            return found == hash ? null : $"Expected SHA-256 {hash} in {container}/{name}, found {found}.";
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return $"Expected the blob {container}/{name} with SHA-256 {hash}, found none.";
        }
    }
}
