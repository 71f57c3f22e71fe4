using System.Collections.Concurrent;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The iterations of attempts that go on, each read once: only the newest may still be given an alarm.</summary>
public sealed class RecordedIterations(JsonBlobs blobs, FrozenCache cache, StageRecords records)
{
    private static readonly ParallelOptions Reads = new() { MaxDegreeOfParallelism = 8 };

    /// <summary>An attempt's iterations in their order.</summary>
    /// <param name="hasEnded">Whether the attempt has ended, so that nothing is added.</param>
    public async Task<IReadOnlyList<IterationRecord>> ReadAsync(StageKey stage, bool hasEnded, CancellationToken cancellationToken)
    {
        if (await cache.FindAsync(stage.Run, cancellationToken) is not { } run)
            return [];
        if (hasEnded)
            return await run.ReadAsync($"iterations/{stage.Path}", () => records.ReadIterationsAsync(stage, cancellationToken));
        var known = await run.ReadAsync($"records/{stage.Path}", () => Task.FromResult(new ConcurrentDictionary<string, IterationRecord>(StringComparer.Ordinal)));
        var names = await blobs.ListAsync(StorageNames.RunsContainer, IterationRecord.Prefix(stage), cancellationToken);
        var read = new IterationRecord?[names.Count];
        await Parallel.ForAsync(0, names.Count, Reads, async (at, _) =>
        {
            if (known.TryGetValue(names[at], out read[at]))
                return;
            read[at] = await blobs.FindAsync(StorageNames.RunsContainer, names[at], TrainingJson.Default.IterationRecord, cancellationToken);
            if (at < names.Count - 1 && read[at] is { } record)
                known[names[at]] = record;
        });
        return [.. read.OfType<IterationRecord>()];
    }
}
