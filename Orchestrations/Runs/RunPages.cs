using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Reads some of the runs, the newest first: none is read that is not asked for.</summary>
public sealed class RunPages(DataStorage storage, RunIndex index, QueuedRuns turns, RunReader reader)
{
    private const int AtOnce = 16;

    public async Task<RunPage> ReadAsync(DurableTaskClient client, RunQuery query, bool withArms, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        IEnumerable<RunEntry> entries = await index.ListAsync(cancellationToken);
        if (query.Unfinished)
        {
            var open = (await turns.LineAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            entries = entries.Where(entry => open.Contains(entry.Run));
        }

        var wanted = entries.Where(entry => entry.Run.StartsWith(query.Prefix, StringComparison.Ordinal)).ToList();
        var asked = wanted.Where(entry => query.Before is null || string.CompareOrdinal(entry.Key, query.Before) < 0).Take(query.Limit + 1).ToList();
        var page = asked.Take(query.Limit).ToList();
        var found = new RunStatus?[page.Count];
        await Parallel.ForAsync(0, page.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (at, token) =>
            found[at] = await reader.FindAsync(client, page[at].Run, withArms, token));
        var runs = found.OfType<RunStatus>().Where(run => !query.Unfinished || !run.HasEnded);
        return new(new([.. runs], asked.Count > page.Count ? page[^1].Key : null), wanted.Count);
    }
}

/// <summary>Which runs are asked for.</summary>
public sealed record RunQuery
{
    public const int MaxLimit = 100;

    public int Limit { get; init; } = 20;

    /// <summary>Those after an entry, as a page before this one gave it.</summary>
    public string? Before { get; init; }

    /// <summary>How their ids begin.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>Only those that have not ended.</summary>
    public bool Unfinished { get; init; }
}

/// <summary>Some runs, and how many there are of the kind that was asked for.</summary>
public sealed record RunPage(RunList List, int Total);
