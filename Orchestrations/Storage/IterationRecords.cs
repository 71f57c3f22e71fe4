using System.Collections.Concurrent;
using System.Text.Json;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The records of iterations, as JSON Lines: a blob for those that ended together, under the first, and one for all once their attempt has ended.</summary>
/// <remarks>What a later blob says of an iteration counts. Only the newest may still be given an alarm, so that those before it are read once.</remarks>
public sealed class IterationRecords(JsonBlobs blobs, FrozenCache cache)
{
    private const int ParallelReads = 8;

    /// <summary>Stores iterations that ended together.</summary>
    public Task WriteAsync(StageKey stage, IReadOnlyList<IterationRecord> records, CancellationToken cancellationToken) =>
        WriteAsync(IterationRecord.Blob(stage, records[0].Iteration), records, cancellationToken);

    /// <summary>Stores all iterations of an attempt that has ended in one blob.</summary>
    public async Task CloseAsync(StageKey stage, CancellationToken cancellationToken) =>
        await WriteAsync(IterationRecord.Lines(stage), await ReadOpenAsync(stage, new(StringComparer.Ordinal), cancellationToken), cancellationToken);

    /// <summary>An attempt's iterations in their order.</summary>
    public async Task<IReadOnlyList<IterationRecord>> ReadAsync(StageKey stage, CancellationToken cancellationToken) =>
        await blobs.FindBytesAsync(StorageNames.RunsContainer, IterationRecord.Lines(stage), cancellationToken) is { } lines
            ? await LinesAsync(lines, cancellationToken)
            : await ReadOpenAsync(stage, new(StringComparer.Ordinal), cancellationToken);

    /// <summary>The same from memory, as far as it was read before: for those who ask again and again.</summary>
    /// <param name="hasEnded">Whether the attempt has ended, so that nothing is added.</param>
    public async Task<IReadOnlyList<IterationRecord>> ReadAgainAsync(StageKey stage, bool hasEnded, CancellationToken cancellationToken)
    {
        if (await cache.FindAsync(stage.Run, cancellationToken) is not { } run)
            return [];
        return hasEnded
            ? await run.ReadAsync($"iterations/{stage.Path}", () => ReadAsync(stage, cancellationToken))
            : await ReadOpenAsync(
                stage,
                await run.ReadAsync($"records/{stage.Path}", () => Task.FromResult(new ConcurrentDictionary<string, IReadOnlyList<IterationRecord>>(StringComparer.Ordinal))),
                cancellationToken);
    }

    private async Task<IReadOnlyList<IterationRecord>> ReadOpenAsync(
        StageKey stage, ConcurrentDictionary<string, IReadOnlyList<IterationRecord>> known, CancellationToken cancellationToken)
    {
        var names = await blobs.ListAsync(StorageNames.RunsContainer, IterationRecord.Prefix(stage), cancellationToken);
        var read = new IReadOnlyList<IterationRecord>[names.Count];
        await Parallel.ForAsync(
            0, names.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (at, token) =>
            {
                if (known.TryGetValue(names[at], out read[at]!))
                    return;
                var lines = await blobs.FindBytesAsync(StorageNames.RunsContainer, names[at], token);
                read[at] = lines is null ? [] : await LinesAsync(lines, token);
                if (at < names.Count - 1)
                    known[names[at]] = read[at];
            });
        var records = new SortedDictionary<int, IterationRecord>();
        foreach (var record in read.SelectMany(lines => lines))
            records[record.Iteration] = record;
        return [.. records.Values];
    }

    private Task WriteAsync(string name, IReadOnlyList<IterationRecord> records, CancellationToken cancellationToken)
    {
        using var lines = new MemoryStream();
        foreach (var record in records)
        {
            lines.Write(JsonSerializer.SerializeToUtf8Bytes(record, TrainingJson.Default.IterationRecord));
            lines.WriteByte((byte)'\n');
        }

        return blobs.WriteAsync(StorageNames.RunsContainer, name, lines.ToArray(), "application/jsonl", cancellationToken);
    }

    private static async Task<IReadOnlyList<IterationRecord>> LinesAsync(BinaryData lines, CancellationToken cancellationToken)
    {
        var records = new List<IterationRecord>();
        await foreach (var record in JsonSerializer.DeserializeAsyncEnumerable(lines.ToStream(), TrainingJson.Default.IterationRecord, topLevelValues: true, cancellationToken))
            records.Add(record!);
        return records;
    }
}
