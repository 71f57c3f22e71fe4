using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The desired state of runs, in <c>{run}/control</c>: changed under its version, so that no request overwrites another unseen.</summary>
public sealed class ControlBlob(JsonBlobs blobs)
{
    public Task<Stored<RunControl>> LookAsync(string run, CancellationToken cancellationToken) => blobs.LookAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>The desired state of a run; null where nobody said anything.</summary>
    public Task<RunControl?> ReadAsync(string run, CancellationToken cancellationToken) => blobs.FindAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>Stores a desired state and returns the one that stands: a cancellation is never taken back.</summary>
    public async Task<DesiredState> SetDesiredStateAsync(string run, DesiredState desired, string reason, CancellationToken cancellationToken) => (await blobs.ChangeAsync(
        StorageNames.RunsContainer,
        StorageNames.Control(run),
        CurriculumJson.Default.RunControl,
        control => Task.FromResult(control is not null && (control.DesiredState == DesiredState.Cancel || control.DesiredState == desired)
            ? control
            : new RunControl { Version = (control?.Version ?? 0) + 1, DesiredState = desired, Reason = reason }),
        cancellationToken)).DesiredState;
}
