using System.Collections.Concurrent;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The desired state of runs, in <c>{run}/control</c>: changed under its version, so that no request overwrites another unseen.</summary>
public sealed class ControlBlob(JsonBlobs blobs, TimeProvider clock)
{
    /// <summary>How long a desired state is taken for what it was, between two steps of a stage.</summary>
    private static readonly TimeSpan Trusted = TimeSpan.FromSeconds(1);

    private const int Remembered = 256;

    private readonly ConcurrentDictionary<string, (long At, DesiredState State)> _recent = new(StringComparer.Ordinal);

    public Task<Stored<RunControl>> LookAsync(string run, CancellationToken cancellationToken) => blobs.LookAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>The desired state of a run; null where nobody said anything.</summary>
    public Task<RunControl?> ReadAsync(string run, CancellationToken cancellationToken) => blobs.FindAsync(
        StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);

    /// <summary>The desired state as it was a second ago at most: a stage of short steps asks many times a second. What was wished here is known at once.</summary>
    public async Task<DesiredState> RecentAsync(string run, CancellationToken cancellationToken)
    {
        if (_recent.TryGetValue(run, out var known) && clock.GetElapsedTime(known.At) < Trusted)
            return known.State;
        var asked = clock.GetTimestamp();
        var state = (await ReadAsync(run, cancellationToken))?.DesiredState ?? DesiredState.Run;
        if (_recent.Count >= Remembered)
            _recent.Clear();
        _recent[run] = (asked, state);
        return state;
    }

    /// <summary>Stores a desired state and returns the one that stands: a cancellation is never taken back.</summary>
    public async Task<DesiredState> SetDesiredStateAsync(string run, DesiredState desired, string reason, CancellationToken cancellationToken)
    {
        var stands = await blobs.ChangeAsync(
            StorageNames.RunsContainer,
            StorageNames.Control(run),
            CurriculumJson.Default.RunControl,
            control => Task.FromResult(control is not null && (control.DesiredState == DesiredState.Cancel || control.DesiredState == desired)
                ? control
                : new RunControl { Version = (control?.Version ?? 0) + 1, DesiredState = desired, Reason = reason }),
            cancellationToken);
        _recent.TryRemove(run, out _);
        return stands.DesiredState;
    }
}
