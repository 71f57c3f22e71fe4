using System.Text.Json.Serialization.Metadata;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>What a run froze at its start, read by every activity: the plan, its hash and the problem pools.</summary>
public sealed class FrozenRun(JsonBlobs blobs, FrozenCache cache)
{
    public const string TrainingPool = "training";
    public const string ValidationPool = "validation";

    public async Task<RunPlan> PlanAsync(string run, CancellationToken cancellationToken) =>
        (await RecordAsync(run, cancellationToken)).Plan;

    public async Task<PlanRecord> RecordAsync(string run, CancellationToken cancellationToken) =>
        await FindAsync(run, cancellationToken)
        ?? throw new InvalidDataException($"Expected the blob {StorageNames.RunsContainer}/{StorageNames.Plan(run)}; it does not exist.");

    /// <summary>A run's record, or null where there is no such run.</summary>
    public async Task<PlanRecord?> FindAsync(string run, CancellationToken cancellationToken) =>
        (await cache.FindAsync(run, cancellationToken))?.Record;

    public Task<IReadOnlyList<Problem>> PoolAsync(string run, string pool, CancellationToken cancellationToken) =>
        ReadAsync(run, PoolName(run, pool), CurriculumJson.Default.IReadOnlyListProblem, cancellationToken);

    /// <summary>What the base's samples answered to each problem of the training pool, in its order.</summary>
    public Task<IReadOnlyList<ProblemVotes>> VotesAsync(string run, CancellationToken cancellationToken) =>
        ReadAsync(run, VotesName(run), CurriculumJson.Default.IReadOnlyListProblemVotes, cancellationToken);

    /// <summary>Reads an immutable blob of a run, from memory where it was read before.</summary>
    public Task<T> ReadAsync<T>(string run, string name, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class => RememberAsync(run, name, () => blobs.ReadAsync(StorageNames.RunsContainer, name, type, cancellationToken), cancellationToken);

    /// <summary>What never changes while the run is there, from memory where it was asked for before.</summary>
    public async Task<T> RememberAsync<T>(string run, string name, Func<Task<T>> read, CancellationToken cancellationToken)
        where T : class
    {
        var frozen = await cache.FindAsync(run, cancellationToken)
            ?? throw new InvalidDataException($"Expected the blob {StorageNames.RunsContainer}/{StorageNames.Plan(run)}; it does not exist.");
        return await frozen.ReadAsync(name, read);
    }

    public static string VotesName(string run) => PoolName(run, "training-votes");

    public static string PoolName(string run, string pool) => $"{run}/pools/{pool}.json";

    public static string BenchmarkPool(string benchmark) => $"benchmarks/{benchmark}";
}
