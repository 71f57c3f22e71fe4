using System.Collections.Concurrent;
using Azure;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The states of stages, step by step, at their checkpoints and at their ends: each is written once and all that a stage goes on from.</summary>
public sealed class StageStates(JsonBlobs blobs, FrozenCache cache)
{
    private const int Remembered = 256;

    /// <summary>The newest state of each stage that this process stored, and the version of its run: a purged run is another one.</summary>
    private readonly ConcurrentDictionary<StageKey, (ETag Run, StageState State)> _newest = [];

    /// <summary>The state of an attempt after so many steps.</summary>
    public async Task<StageState> ReadAsync(StageKey stage, int step, CancellationToken cancellationToken) =>
        _newest.TryGetValue(stage, out var known) && known.State.Step == step && known.Run == await VersionAsync(stage, cancellationToken)
            ? known.State
            : await blobs.ReadAsync(StorageNames.RunsContainer, Step(stage, step), TrainingJson.Default.StageState, cancellationToken);

    /// <summary>Stores a state, or says that there is one after as many steps.</summary>
    public async Task<bool> TryStoreAsync(StageState state, CancellationToken cancellationToken)
    {
        if (!await blobs.TryCreateAsync(StorageNames.RunsContainer, Step(state.Key, state.Step), state, TrainingJson.Default.StageState, cancellationToken))
            return false;
        if (_newest.Count >= Remembered)
            _newest.Clear();
        if (await VersionAsync(state.Key, cancellationToken) is { } run)
            _newest[state.Key] = (run, state);
        return true;
    }

    private async Task<ETag?> VersionAsync(StageKey stage, CancellationToken cancellationToken) => (await cache.FindAsync(stage.Run, cancellationToken))?.Version;

    /// <summary>The newest state of an attempt.</summary>
    public async Task<StageState> NewestAsync(StageKey stage, CancellationToken cancellationToken)
    {
        var names = await blobs.ListAsync(StorageNames.RunsContainer, Steps(stage), cancellationToken);
        return await blobs.ReadAsync(StorageNames.RunsContainer, names[^1], TrainingJson.Default.StageState, cancellationToken);
    }

    /// <summary>Stores how an attempt ended.</summary>
    public Task WriteEndAsync(StageState state, CancellationToken cancellationToken) => blobs.WriteAsync(
        StorageNames.RunsContainer, End(state.Key), state, TrainingJson.Default.StageState, cancellationToken);

    /// <summary>Whether an attempt has ended; false too where it is none, as an arm's evaluation.</summary>
    public Task<bool> HasEndedAsync(StageKey stage, CancellationToken cancellationToken) =>
        blobs.ExistsAsync(StorageNames.RunsContainer, End(stage), cancellationToken);

    /// <summary>Stores the state at a checkpoint; its policy is the checkpoint, which outlives the state that it was copied from.</summary>
    public Task WritePointAsync(StageState state, CancellationToken cancellationToken) => blobs.WriteAsync(
        StorageNames.RunsContainer, Point(state.Key, state.Ledger.Updates), state, TrainingJson.Default.StageState, cancellationToken);

    /// <summary>The last states of attempts that ended, in their order.</summary>
    public Task<IReadOnlyList<StageState>> EndsAsync(ArmKey arm, CancellationToken cancellationToken) =>
        blobs.ReadAllAsync(StorageNames.RunsContainer, Ends(arm), TrainingJson.Default.StageState, cancellationToken);

    /// <summary>The states at checkpoints in their order, those that were let go since included.</summary>
    public Task<IReadOnlyList<StageState>> PointsAsync(ArmKey arm, CancellationToken cancellationToken) =>
        blobs.ReadAllAsync(StorageNames.RunsContainer, Points(arm), TrainingJson.Default.StageState, cancellationToken);

    /// <summary>Those of the checkpoints that are there still.</summary>
    public async Task<IReadOnlyList<StageState>> KeptAsync(ArmKey arm, CancellationToken cancellationToken)
    {
        var kept = new List<StageState>();
        foreach (var point in await PointsAsync(arm, cancellationToken))
        {
            if (await blobs.ExistsAsync(point.Policy.Container, StorageNames.StateBlob(point.Policy.Folder), cancellationToken))
                kept.Add(point);
        }

        return kept;
    }

    private static string Steps(StageKey stage) => $"{stage.Run}/stages/{stage.Path}/";

    private static string Step(StageKey stage, int step) => FormattableString.Invariant($"{Steps(stage)}{step:D7}.json");

    private static string Ends(ArmKey arm) => $"{arm.Run}/ends/{arm.Path}/";

    private static string End(StageKey stage) => FormattableString.Invariant($"{Ends(stage.Of)}{stage.Stage:D4}-{stage.Attempt:D4}.json");

    private static string Points(ArmKey arm) => $"{arm.Run}/points/{arm.Path}/";

    private static string Point(StageKey stage, int updates) => FormattableString.Invariant($"{Points(stage.Of)}{stage.Stage:D4}-{stage.Attempt:D4}-{updates:D7}.json");
}
