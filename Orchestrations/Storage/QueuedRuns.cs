using Curriculum.Work;
using Microsoft.DurableTask.Client;

namespace Orchestrations.Storage;

/// <summary>Which runs of the hub may go on, in the order in which they came: one blob, changed under its ETag.</summary>
public sealed class QueuedRuns(JsonBlobs blobs, IConfiguration configuration)
{
    /// <summary>The setting: how many runs go on at once. Default 4.</summary>
    public const string Setting = "Runs:MaxActive";

    /// <summary>No run's id has a slash before it or a dot in it.</summary>
    private const string Blob = ".hub/queue.json";

    public int MaxActive => configuration.GetValue<int?>(Setting) is { } most
        ? most is >= 1 and <= 10_000 ? most : throw new InvalidOperationException($"Expected {Setting} from 1 to 10000, found {most}.")
        : 4;

    /// <summary>Lines the run up, drops runs that have ended, and says how many are before it: fewer than <see cref="MaxActive"/> is its turn.</summary>
    public async Task<QueuePlace> TakeAsync(DurableTaskClient client, string run, CancellationToken cancellationToken)
    {
        var before = 0;
        await blobs.ChangeAsync(
            StorageNames.RunsContainer,
            Blob,
            StorageJson.Default.IReadOnlyListString,
            async line =>
            {
                var others = line ?? [];
                var open = new bool[others.Count];
                await Parallel.ForAsync(0, others.Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = cancellationToken }, async (at, token) =>
                    open[at] = others[at] == run || await IsOpenAsync(client, others[at], token));
                var kept = others.Where((_, at) => open[at]).ToList();
                if (!kept.Contains(run))
                    kept.Add(run);
                before = kept.IndexOf(run);
                return line is not null && kept.SequenceEqual(line) ? line : kept;
            },
            cancellationToken);
        return new(before, MaxActive);
    }

    /// <summary>The runs that have not ended, and some that have: the line as it was when a run last joined it.</summary>
    public async Task<IReadOnlyList<string>> LineAsync(CancellationToken cancellationToken) =>
        await blobs.FindAsync(StorageNames.RunsContainer, Blob, StorageJson.Default.IReadOnlyListString, cancellationToken) ?? [];

    /// <summary>A run that has ended, however it did, is no longer in the line: none needs to leave it.</summary>
    private static async Task<bool> IsOpenAsync(DurableTaskClient client, string run, CancellationToken cancellationToken) =>
        await client.GetInstanceAsync(run, getInputsAndOutputs: false, cancellationToken) is { IsCompleted: false };
}
