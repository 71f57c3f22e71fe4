using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Copies states to where they are kept, and deletes those that nothing reads any more.</summary>
public sealed class StateFolders(JsonBlobs blobs)
{
    /// <summary>Copies a state's parts, then writes its manifest; a state that is there already is returned as it is.</summary>
    public async Task<StateRef> PromoteAsync(StateRef state, string folder, CancellationToken cancellationToken)
    {
        var kept = state with { Container = StorageNames.RunsContainer, Folder = folder };
        if (state == kept || await ExistsAsync(kept, cancellationToken))
            return kept;
        var manifest = await blobs.ReadAsync(
            state.Container, StorageNames.Manifest(state.Folder), CurriculumJson.Default.StateManifest, cancellationToken);
        // Parts that lie elsewhere are parts of the base, and stay.
        foreach (var part in manifest.Parts.Values.Where(part => part is { Folder: null, Text: null }))
        {
            var source = blobs.Blob(state.Container, $"{state.Folder}/{part.Name}");
            var copy = await blobs.Blob(kept.Container, $"{folder}/{part.Name}").StartCopyFromUriAsync(source.Uri, cancellationToken: cancellationToken);
            await copy.WaitForCompletionAsync(cancellationToken);
        }

        var content = await blobs.ReadBytesAsync(state.Container, StorageNames.Manifest(state.Folder), cancellationToken);
        await blobs.TryCreateAsync(kept.Container, StorageNames.Manifest(folder), content.ToMemory(), cancellationToken);
        return kept;
    }

    /// <summary>Deletes a state, or all states of a folder.</summary>
    public async Task DeleteAsync(string folder, CancellationToken cancellationToken)
    {
        // Manifests first: a state without one does not exist, so that none is ever seen in part.
        var names = await blobs.ListAsync(StorageNames.RunsContainer, $"{folder}/", cancellationToken);
        foreach (var name in names.OrderBy(name => name.EndsWith("/manifest.json", StringComparison.Ordinal) ? 0 : 1))
            await blobs.TryDeleteAsync(StorageNames.RunsContainer, name, cancellationToken);
    }

    private Task<bool> ExistsAsync(StateRef state, CancellationToken cancellationToken) =>
        blobs.ExistsAsync(state.Container, StorageNames.Manifest(state.Folder), cancellationToken);
}
