using System.Globalization;
using System.Text.RegularExpressions;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>All runs in the order of their submission, known by the names of empty blobs: no run is read to list them.</summary>
/// <remarks>
/// A run's entry is written after its plan and deleted before it. Where a crash came between, or a plan was put there by hand, the entry is
/// written when the runs are listed <see cref="SweptFor"/> later at most, under the time at which the plan was written: to look at the folders of
/// all runs takes long where there are many.
/// </remarks>
public sealed partial class RunIndex(JsonBlobs blobs, TimeProvider clock)
{
    private static readonly TimeSpan SweptFor = TimeSpan.FromSeconds(30);

    private long? _swept;

    /// <summary>No run's id begins with a dot.</summary>
    private const string Prefix = ".index/";

    private const string Stamp = "yyyyMMdd'T'HHmmssfffffff'Z'";

    public Task AddAsync(string run, DateTimeOffset submittedAt, CancellationToken cancellationToken) => blobs.TryCreateAsync(
        StorageNames.RunsContainer, $"{Prefix}{submittedAt.UtcDateTime.ToString(Stamp, CultureInfo.InvariantCulture)}-{run}", ReadOnlyMemory<byte>.Empty, cancellationToken);

    public async Task RemoveAsync(string run, CancellationToken cancellationToken)
    {
        foreach (var entry in (await EntriesAsync(cancellationToken)).Where(entry => entry.Run == run))
            await blobs.TryDeleteAsync(StorageNames.RunsContainer, Prefix + entry.Key, cancellationToken);
    }

    /// <summary>All runs, the newest first; one that went a moment ago may be among them.</summary>
    public async Task<IReadOnlyList<RunEntry>> ListAsync(CancellationToken cancellationToken)
    {
        var entries = await EntriesAsync(cancellationToken);
        if (_swept is { } swept && clock.GetElapsedTime(swept) < SweptFor)
            return [.. entries.DistinctBy(entry => entry.Run)];
        var begun = clock.GetTimestamp();
        var known = entries.Select(entry => entry.Run).ToHashSet(StringComparer.Ordinal);
        var late = 0;
        foreach (var run in (await blobs.ListFoldersAsync(StorageNames.RunsContainer, cancellationToken)).Where(folder => RunId.IsValid(folder) && !known.Contains(folder)))
        {
            if (await blobs.WrittenAtAsync(StorageNames.RunsContainer, StorageNames.Plan(run), cancellationToken) is not { } written)
                continue;
            await AddAsync(run, written, cancellationToken);
            late++;
        }

        _swept = begun;
        return late == 0 ? entries : [.. (await EntriesAsync(cancellationToken)).DistinctBy(entry => entry.Run)];
    }

    /// <summary>Whether a text is the key of an entry, whose run may be gone.</summary>
    public static bool IsKey(string text) => Entry().IsMatch(text);

    /// <summary>The run of an entry, by its key.</summary>
    internal static string RunOf(string key) => Entry().Match(key).Groups[1].Value;

    private async Task<IReadOnlyList<RunEntry>> EntriesAsync(CancellationToken cancellationToken) =>
    [
        .. from name in (await blobs.ListAsync(StorageNames.RunsContainer, Prefix, cancellationToken)).Reverse()
           let match = Entry().Match(name[Prefix.Length..])
           where match.Success
           select new RunEntry(match.Value, match.Groups[1].Value),
    ];

    [GeneratedRegex(@"^\d{8}T\d{13}Z-([a-z0-9][a-z0-9-]{0,59})\z", RegexOptions.CultureInvariant)]
    private static partial Regex Entry();
}

/// <summary>A run's place among the others.</summary>
/// <param name="Key">Later submissions have greater ones, by ordinal comparison.</param>
public sealed record RunEntry(string Key, string Run);
