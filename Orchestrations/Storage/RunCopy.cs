using System.Globalization;
using System.Text.Json;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Copies what a run goes on from into that run, so that it refers to nothing of the run it came from, which may be purged.</summary>
/// <remarks>Blobs that name a run are read and written again as the other run's; all else is copied as it is.</remarks>
public sealed class RunCopy(JsonBlobs blobs, StageStates states, StageRecords records)
{
    /// <summary>The base and the frozen problems that training and validation draw from.</summary>
    public async Task CommonAsync(RunId from, RunId to, CancellationToken cancellationToken)
    {
        foreach (var below in (string[])["base/", "pools/training", "pools/validation"])
            await BlobsAsync($"{from}/{below}", to, _ => true, cancellationToken);
    }

    /// <summary>What an arm did under a seed up to the point where it goes on.</summary>
    public async Task ArmAsync(ArmKey from, RunId to, TakenOver taken, CancellationToken cancellationToken)
    {
        foreach (var ended in taken.Ended)
            await StageAsync(ended.Key, to, int.MaxValue, int.MaxValue, int.MaxValue, cancellationToken);
        if (taken.Begun is { } begun)
            await StageAsync(begun.Key, to, begun.Ledger.Updates, begun.Iteration, (begun.Profile?.Ordinal ?? -1) + 1, cancellationToken);

        bool IsTaken(StageKey stage, int updates) =>
            taken.Ended.Any(ended => ended.Key == stage) || (taken.Begun is { } begun && begun.Key == stage && updates <= begun.Ledger.Updates);
        foreach (var validated in await records.ReadValidationsAsync(from, cancellationToken))
        {
            if (!IsTaken(validated.Stage, validated.Updates))
                continue;
            // What a checkpoint reached is read again where its stage's successor begins.
            await ValidationItemAsync(validated.Item, to, cancellationToken);
            var moved = validated.In(to);
            await blobs.WriteAsync(StorageNames.RunsContainer, moved.Blob, moved, TrainingJson.Default.ValidatedCheckpoint, cancellationToken);
        }

        foreach (var point in await states.PointsAsync(from, cancellationToken))
        {
            if (IsTaken(point.Key, point.Ledger.Updates))
                await states.WritePointAsync(point.In(to), cancellationToken);
        }

        // Last: an attempt that has an end is taken over whole.
        foreach (var ended in taken.Ended)
            await states.WriteEndAsync(ended.In(to), cancellationToken);
    }

    private async Task StageAsync(StageKey stage, RunId to, int updates, int iterations, int profiles, CancellationToken cancellationToken)
    {
        await BlobsAsync($"{StorageNames.Checkpoints(stage)}/", to, rest => Number(rest) <= updates, cancellationToken);
        await BlobsAsync(IterationRecord.Prefix(stage), to, rest => Number(rest) < iterations, cancellationToken);
        await BlobsAsync($"{StorageNames.Iterations(stage)}/", to, rest => Number(rest) < iterations && rest.EndsWith(StorageNames.GatheredBlob, StringComparison.Ordinal), cancellationToken);
        await BlobsAsync($"{StorageNames.Profiles(stage)}/", to, rest => Number(rest) < profiles, cancellationToken);
    }

    /// <summary>The number that a name begins with; more than any limit where it begins with none.</summary>
    private static long Number(string rest) =>
        int.TryParse(rest.AsSpan(0, Math.Max(0, rest.AsSpan().IndexOfAnyExceptInRange('0', '9'))), CultureInfo.InvariantCulture, out var number) ? number : long.MaxValue;

    private async Task ValidationItemAsync(WorkItemId id, RunId to, CancellationToken cancellationToken)
    {
        var item = await blobs.FindAsync(StorageNames.WorkContainer, StorageNames.Item(id), CurriculumJson.Default.WorkItem, cancellationToken);
        var result = await blobs.FindAsync(StorageNames.WorkContainer, StorageNames.Result(id), CurriculumJson.Default.WorkResult, cancellationToken);
        if (item is not EvaluateItem evaluation || result is not { Failure: null })
            return;
        WorkItem moved = evaluation with { Id = id.In(to), Policy = evaluation.Policy.In(to) };
        var stored = await blobs.FreezeAsync(StorageNames.WorkContainer, StorageNames.Item(moved.Id), moved, CurriculumJson.Default.WorkItem, cancellationToken);
        await blobs.FreezeAsync(
            StorageNames.WorkContainer, StorageNames.Result(moved.Id), result with { Id = moved.Id, InputHash = stored.Sha256 }, CurriculumJson.Default.WorkResult, cancellationToken);
    }

    private async Task BlobsAsync(string prefix, RunId to, Func<string, bool> isWanted, CancellationToken cancellationToken)
    {
        var names = (await blobs.ListAsync(StorageNames.RunsContainer, prefix, cancellationToken)).Where(name => isWanted(name[prefix.Length..]));
        // Last the blobs by which states exist.
        foreach (var name in names.OrderBy(StorageNames.IsStateBlob).ThenBy(name => name, StringComparer.Ordinal))
            await blobs.CopyAsync(StorageNames.RunsContainer, name, StorageNames.RunsContainer, StorageNames.In(name, to), cancellationToken);
    }
}
