using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Copies states to where they are kept, and deletes those that nothing reads any more.</summary>
public sealed class StateFolders(JsonBlobs blobs)
{
    /// <summary>Copies a state's large parts, then the blob by which it exists; a state that is there already is returned as it is.</summary>
    public async Task<StateRef> PromoteAsync(StateRef state, string folder, CancellationToken cancellationToken)
    {
        var kept = state with { Container = StorageNames.RunsContainer, Folder = folder };
        if (state == kept || await ExistsAsync(kept, cancellationToken))
            return kept;
        // Parts that lie elsewhere are parts of the base, and stay.
        var names = await blobs.ListAsync(state.Container, $"{state.Folder}/", cancellationToken);
        if (!names.Any(StorageNames.IsStateBlob))
            throw new InvalidDataException($"Expected the state {state.Container}/{StorageNames.StateBlob(state.Folder)}, found none.");
        foreach (var name in names.OrderBy(StorageNames.IsStateBlob))
            await blobs.CopyAsync(state.Container, name, kept.Container, $"{folder}{name[state.Folder.Length..]}", cancellationToken);
        return kept;
    }

    /// <summary>Deletes a state, or all states of a folder.</summary>
    public async Task DeleteAsync(string folder, CancellationToken cancellationToken)
    {
        // The blobs by which they exist first, so that none is ever seen in part.
        var names = await blobs.ListAsync(StorageNames.RunsContainer, $"{folder}/", cancellationToken);
        foreach (var name in names.OrderByDescending(StorageNames.IsStateBlob))
            await blobs.TryDeleteAsync(StorageNames.RunsContainer, name, cancellationToken);
    }

    private Task<bool> ExistsAsync(StateRef state, CancellationToken cancellationToken) =>
        blobs.ExistsAsync(state.Container, StorageNames.StateBlob(state.Folder), cancellationToken);
}
