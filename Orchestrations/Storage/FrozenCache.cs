using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Curriculum.Texts;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a process remembers of runs: nothing that a purge and another submission under the same id could make wrong.</summary>
/// <remarks>
/// A run's plan is its version: what else is remembered hangs on it and goes with it. The plan is asked for again after <see cref="Trusted"/>, in one
/// conditional request; a purge takes longer than that (<see cref="RunData"/>).
/// </remarks>
public sealed class FrozenCache(JsonBlobs blobs, TimeProvider clock)
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
        var name = StorageNames.Plan(run);
        if (await blobs.DownloadAsync(StorageNames.RunsContainer, name, known?.Version, cancellationToken) is not { } read)
        {
            _runs.TryRemove(run, out _);
            return null;
        }

        if (read.IsUnchanged)
        {
            known!.AskedAt = asked;
            return known;
        }

        if (_runs.Count >= Remembered)
            _runs.Clear();
        return _runs[run] = new(Parse(read.Content, name), read.Details.ETag) { AskedAt = asked };
    }

    private static PlanRecord Parse(BinaryData content, string name)
    {
        try
        {
            return JsonSerializer.Deserialize(content.ToMemory().Span, StorageJson.Default.PlanRecord)
                ?? throw new JsonException("found null");
        }
        catch (JsonException fault)
        {
            throw new UnreadableBlobException($"Expected {StorageNames.RunsContainer}/{name} to be whole; it cannot be read: {JsonFault.Words(fault)}");
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
