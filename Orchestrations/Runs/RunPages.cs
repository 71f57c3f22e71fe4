using Microsoft.DurableTask.Client;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Reads some of the runs: none is read that is not asked for, but to learn its state.</summary>
public sealed class RunPages(DataStorage storage, RunIndex index, QueuedRuns turns, RunReader reader)
{
    private const int AtOnce = 16;

    /// <summary>Where a state is asked for, so many runs are read for one page; where few are of that state the page is short, and the next goes on.</summary>
    private const int MostReads = 400;

    public async Task<RunList> ReadAsync(DurableTaskClient client, RunQuery query, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        IEnumerable<RunEntry> entries = await index.ListAsync(cancellationToken);
        if (query.Unfinished)
        {
            var open = (await turns.LineAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
            entries = entries.Where(entry => open.Contains(entry.Run));
        }

        var wanted = query.Of(entries);
        var found = new List<RunStatus>();
        var read = 0;
        while (read < wanted.Count && found.Count < query.Limit && read < MostReads)
        {
            var some = wanted.Skip(read).Take(query.Limit - found.Count).ToList();
            var statuses = new RunStatus?[some.Count];
            await Parallel.ForAsync(0, some.Count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (at, token) =>
                statuses[at] = await reader.FindAsync(client, some[at].Run, query.WithArms, token));
            found.AddRange(statuses.OfType<RunStatus>().Where(run => (!query.Unfinished || !run.HasEnded) && (query.State is null || run.State == query.State)));
            read += some.Count;
            if (query.State is null)
                break;
        }

        return new(found, read < wanted.Count ? wanted[read - 1].Key : null);
    }
}
