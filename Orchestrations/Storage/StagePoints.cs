using System.Globalization;
using System.Text.RegularExpressions;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>The whole progress of stages at their ends and at their checkpoints: policy, optimiser, counters, budget and guards go on from any of them.</summary>
public sealed partial class StagePoints(JsonBlobs blobs)
{
    public Task WriteEndAsync(StageKey stage, StageProgress progress, CancellationToken cancellationToken) => WriteAsync(
        FormattableString.Invariant($"{EndPrefix(stage.Run, stage.Arm, stage.Seed)}{stage.Stage:D4}-{stage.Attempt:D4}.json"), progress, cancellationToken);

    /// <summary>Stores the progress at a checkpoint; its state is the checkpoint, which outlives the state that it was copied from.</summary>
    public Task WriteCheckpointAsync(StageKey stage, StageProgress progress, StateRef checkpoint, CancellationToken cancellationToken) => WriteAsync(
        FormattableString.Invariant(
            $"{CheckpointPrefix(stage.Run, stage.Arm, stage.Seed)}{stage.Stage:D4}-{stage.Attempt:D4}-{progress.Updates:D7}.json"),
        progress with { State = checkpoint },
        cancellationToken);

    /// <summary>Attempts that ended, in their order.</summary>
    public Task<IReadOnlyList<StageEnding>> EndsAsync(string run, string arm, int seed, CancellationToken cancellationToken) =>
        ReadAsync(EndPrefix(run, arm, seed), cancellationToken);

    /// <summary>Checkpoints in their order, those that were let go since included.</summary>
    public Task<IReadOnlyList<StageEnding>> CheckpointsAsync(string run, string arm, int seed, CancellationToken cancellationToken) =>
        ReadAsync(CheckpointPrefix(run, arm, seed), cancellationToken);

    /// <summary>Those of the checkpoints that are there still.</summary>
    public async Task<IReadOnlyList<StageEnding>> KeptAsync(string run, string arm, int seed, CancellationToken cancellationToken)
    {
        var kept = new List<StageEnding>();
        foreach (var point in await CheckpointsAsync(run, arm, seed, cancellationToken))
        {
            var state = point.Progress.State;
            if (await blobs.Blob(state.Container, StorageNames.Manifest(state.Folder)).ExistsAsync(cancellationToken))
                kept.Add(point);
        }

        return kept;
    }

    private async Task<IReadOnlyList<StageEnding>> ReadAsync(string prefix, CancellationToken cancellationToken)
    {
        var read = new List<StageEnding>();
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, prefix, cancellationToken))
        {
            if (Name().Match(name[prefix.Length..]) is not { Success: true } match)
                continue;
            var progress = await blobs.ReadAsync(StorageNames.RunsContainer, name, OrchestrationsJson.Default.StageProgress, cancellationToken);
            read.Add(new(int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), int.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture), progress));
        }

        return read;
    }

    private Task WriteAsync(string name, StageProgress progress, CancellationToken cancellationToken) =>
        blobs.WriteAsync(StorageNames.RunsContainer, name, progress, OrchestrationsJson.Default.StageProgress, cancellationToken);

    private static string EndPrefix(string run, string arm, int seed) => FormattableString.Invariant($"{run}/ends/{arm}/{seed}/");

    private static string CheckpointPrefix(string run, string arm, int seed) => FormattableString.Invariant($"{run}/points/{arm}/{seed}/");

    [GeneratedRegex(@"^(\d{4})-(\d{4})(-\d{7})?\.json\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
