using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Azure.Storage.Blobs.Models;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a process remembers of runs: nothing that a purge and another submission under the same id could make wrong.</summary>
/// <remarks>
/// A run's plan is its version: what else is remembered hangs on it and goes with it. The plan is asked for again after <see cref="Trusted"/>, in one
/// conditional request; a purge takes longer than that (<see cref="RunData"/>).
/// </remarks>
public sealed class FrozenCache(DataStorage storage, TimeProvider clock)
{
    /// <summary>How long a plan is taken for what it was without asking.</summary>
    internal static readonly TimeSpan Trusted = TimeSpan.FromSeconds(2);

    private const int Remembered = 64;
    private readonly ConcurrentDictionary<string, FrozenBlobs> _runs = new(StringComparer.Ordinal);

    /// <summary>A run's plan and what hangs on it; null where there is no such run.</summary>
    public async Task<FrozenBlobs?> FindAsync(string run, CancellationToken cancellationToken)
    {
        var known = _runs.GetValueOrDefault(run);
        if (known is not null && clock.GetElapsedTime(known.AskedAt) < Trusted)
            return known;
        var asked = clock.GetTimestamp();
        try
        {
            var conditions = known is null ? null : new BlobRequestConditions { IfNoneMatch = known.Version };
            var blob = storage.Blobs.GetBlobContainerClient(StorageNames.RunsContainer).GetBlobClient(StorageNames.Plan(run));
            var content = await blob.DownloadContentAsync(new BlobDownloadOptions { Conditions = conditions }, cancellationToken);
            if (content.GetRawResponse().Status == 304)
            {
                known!.AskedAt = asked;
                return known;
            }

            var record = JsonSerializer.Deserialize(content.Value.Content.ToMemory().Span, OrchestrationsJson.Default.PlanRecord)
                ?? throw new InvalidDataException($"Expected a plan in {StorageNames.RunsContainer}/{StorageNames.Plan(run)}, found null.");
            if (_runs.Count >= Remembered)
                _runs.Clear();
            return _runs[run] = new(record, content.Value.Details.ETag) { AskedAt = asked };
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            _runs.TryRemove(run, out _);
            return null;
        }
    }
}

/// <summary>A run's plan, and the immutable blobs that were read beside it.</summary>
public sealed class FrozenBlobs(PlanRecord record, ETag version)
{
    private const int Kept = 64;
    private readonly ConcurrentDictionary<string, object> _blobs = new(StringComparer.Ordinal);

    public PlanRecord Record { get; } = record;

    public ETag Version { get; } = version;

    internal long AskedAt { get; set; }

    public async Task<T> ReadAsync<T>(string name, Func<Task<T>> read)
        where T : class
    {
        if (_blobs.TryGetValue(name, out var known))
            return (T)known;
        var value = await read();
        if (_blobs.Count >= Kept)
            _blobs.Clear();
        _blobs[name] = value;
        return value;
    }
}
