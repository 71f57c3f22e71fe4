using System.Runtime.CompilerServices;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary>Reads a run's trajectories, a page at a time: never more of storage than a page is worth.</summary>
internal sealed class TrajectoryPages(FrozenRun frozen, RolloutShelf rollouts, AnswerShelf answers)
{
    /// <summary>What is read for one page; where little is found in it the page is short, and the next goes on.</summary>
    private const int MostReads = 48;

    /// <summary>A page; null where there is no such run.</summary>
    public async Task<TrajectoryList?> ListAsync(string run, TrajectoryQuery query, CancellationToken cancellationToken)
    {
        if (await PoolsAsync(run, cancellationToken) is not { } pools)
            return null;
        var (found, reads, last) = (new List<TrajectoryEntry>(), 0, query.After);
        await foreach (var shelf in ShelvesAsync(pools, query, cancellationToken))
        {
            if (reads++ == MostReads)
                return new(found, last?.ToString());
            var entries = await shelf.ReadAsync(cancellationToken);
            for (var index = 0; index < entries.Count; index++)
            {
                var place = shelf.At with { Index = index };
                if (query.After is { } after && place <= after)
                    continue;
                if (query.Takes(entries[index]))
                {
                    if (found.Count == query.Limit)
                        return new(found, last?.ToString());
                    found.Add(entries[index]);
                }

                last = place;
            }

            last = shelf.At with { Index = Math.Max(entries.Count - 1, 0) };
        }

        return new(found);
    }

    /// <summary>A trajectory; null where there is none of that key, or no such run.</summary>
    public async Task<TrajectoryDetail?> FindAsync(string run, TrajectoryKey key, CancellationToken cancellationToken) =>
        await PoolsAsync(run, cancellationToken) is { } pools
            ? await (key.Source switch
            {
                TrajectorySource.Rollout => rollouts.FindAsync(pools, key, cancellationToken),
                TrajectorySource.Validation => answers.FindValidationAsync(pools, key, cancellationToken),
                _ => answers.FindBenchmarkAsync(pools, key, cancellationToken),
            })
            : null;

    private async Task<RunPools?> PoolsAsync(string run, CancellationToken cancellationToken) =>
        RunId.IsValid(run) && await frozen.FindAsync(run, cancellationToken) is { } record ? new(frozen, record.Run, record.Plan) : null;

    private async IAsyncEnumerable<Shelf> ShelvesAsync(RunPools pools, TrajectoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        bool Asks(TrajectorySource source) => (query.Source is null || query.Source == source) && (query.After is not { } after || after.Source <= (int)source);
        if (Asks(TrajectorySource.Rollout))
        {
            await foreach (var shelf in rollouts.ListAsync(pools, query, cancellationToken))
                yield return shelf;
        }

        if (Asks(TrajectorySource.Validation))
        {
            await foreach (var shelf in answers.ValidationsAsync(pools, query, cancellationToken))
                yield return shelf;
        }

        if (Asks(TrajectorySource.Benchmark))
        {
            await foreach (var shelf in answers.BenchmarksAsync(pools, query, cancellationToken))
                yield return shelf;
        }
    }
}
