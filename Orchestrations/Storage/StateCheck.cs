using System.Security.Cryptography;
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
        switch (await blobs.LookAsync(state.Container, name, CurriculumJson.Default.StateManifest, cancellationToken))
        {
            case Stored<StateManifest>.Found found:
                manifest = found.Value;
                break;
            case Stored<StateManifest>.Unreadable unreadable:
                return unreadable.Reason;
            default:
                return $"Expected the manifest {state.Container}/{name}; it was deleted while it was read.";
        }

        foreach (var part in manifest.Parts.Values.Where(part => part.Text is null))
        {
            if (await BlobFaultAsync(state.Container, part.Blob(state.Folder), part.Sha256, cancellationToken) is { } partFault)
                return partFault;
        }

        return null;
    }

    private async Task<string?> BlobFaultAsync(string container, string name, string hash, CancellationToken cancellationToken)
    {
        // By stream: a part may be larger than memory allows.
        await using var content = await blobs.OpenAsync(container, name, cancellationToken);
        if (content is null)
            return $"Expected the blob {container}/{name} with SHA-256 {hash}, found none.";
        var found = Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancellationToken));
        return found == hash ? null : $"Expected SHA-256 {hash} in {container}/{name}, found {found}.";
    }
}
