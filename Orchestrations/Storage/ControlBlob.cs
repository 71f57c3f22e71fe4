using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What people wish of runs, in <c>{run}/control</c>: changed under its version, so that no wish overwrites another unseen.</summary>
public sealed class ControlBlob(JsonBlobs blobs)
{
    public Task<Stored<RunControl>> LookAsync(string run, CancellationToken cancellationToken) => blobs.LookAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>What is wished of a run; null where nobody said anything.</summary>
    public Task<RunControl?> ReadAsync(string run, CancellationToken cancellationToken) => blobs.FindAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>Stores a wish and returns the one that stands: a cancellation is never taken back.</summary>
    public async Task<RunWish> WishAsync(string run, RunWish wish, string reason, CancellationToken cancellationToken) => (await blobs.ChangeAsync(
        StorageNames.RunsContainer,
        StorageNames.Control(run),
        CurriculumJson.Default.RunControl,
        control => Task.FromResult(control is not null && (control.Wish == RunWish.Cancel || control.Wish == wish)
            ? control
            : new RunControl { Version = (control?.Version ?? 0) + 1, Wish = wish, Reason = reason }),
        cancellationToken)).Wish;
}
