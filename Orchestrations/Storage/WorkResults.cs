using System.Collections.Concurrent;
using System.Text.Json;
using Azure;
using Curriculum.Texts;
using Curriculum.Training;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>Reads results, and holds each to the id and the input that were asked for: another's trains nothing.</summary>
/// <remarks>What is not the item's result is set aside, named in the run's incidents, and the item has none again. An item to which that happens time after time is given up.</remarks>
public sealed class WorkResults(JsonBlobs blobs, FrozenCache runs, WorkDispatch dispatch, Incidents incidents, TimeProvider clock)
{
    private const int Remembered = 128;

    /// <summary>Results that were read and are what was asked for, and the version of their run: a refill reads those of the rounds before it again.</summary>
    private readonly ConcurrentDictionary<AwaitedResult, (ETag Run, WorkResult Result)> _known = [];

    /// <summary>Who the result of an item is by that was ended without a worker.</summary>
    public const string Nobody = "nobody";

    private const int MostSetAside = 3;

    private const int ParallelReads = 8;

    /// <summary>The results that are there and are what was asked for, and those that are missing.</summary>
    public async Task<(IReadOnlyDictionary<WorkItemId, WorkResult> Found, IReadOnlyList<WorkItemId> Missing)> ReadAsync(
        IReadOnlyList<AwaitedResult> awaited, CancellationToken cancellationToken)
    {
        var read = new WorkResult?[awaited.Count];
        await Parallel.ForAsync(
            0, awaited.Count,
            new ParallelOptions { MaxDegreeOfParallelism = ParallelReads, CancellationToken = cancellationToken },
            async (index, token) => read[index] = await FindAsync(awaited[index], token));
        return (
            read.OfType<WorkResult>().ToDictionary(result => result.Id),
            [.. awaited.Where((_, index) => read[index] is null).Select(one => one.Id)]);
    }

    /// <summary>The result of an item that was waited for to its end.</summary>
    /// <exception cref="IOException">There is none any more: the item was sent again, and reading it is to be tried again later.</exception>
    public async Task<WorkResult> ReadAsync(WorkItemId id, CancellationToken cancellationToken)
    {
        var item = await blobs.ReadBytesAsync(StorageNames.WorkContainer, StorageNames.Item(id), cancellationToken);
        if (await FindAsync(new(id, Sha256Hex.Of(item.ToMemory().Span)), cancellationToken) is { } result)
            return result;
        await dispatch.ResendAsync(id, Nobody, cancellationToken);
        throw new IOException(
            $"Expected the reported result {StorageNames.WorkContainer}/{StorageNames.Result(id)}; it does not exist. Has the storage lost what it acknowledged? The item was sent again.");
    }

    /// <summary>The result of an item; null where there is none.</summary>
    public async Task<WorkResult?> FindAsync(AwaitedResult awaited, CancellationToken cancellationToken)
    {
        var run = (await runs.FindAsync(awaited.Id.Run, cancellationToken))?.Version;
        if (run is not null && _known.TryGetValue(awaited, out var known) && known.Run == run)
            return known.Result;
        var found = await LookAsync(awaited, cancellationToken);
        if (run is { } version && found is not null)
        {
            if (_known.Count >= Remembered)
                _known.Clear();
            _known[awaited] = (version, found);
        }

        return found;
    }

    private async Task<WorkResult?> LookAsync(AwaitedResult awaited, CancellationToken cancellationToken)
    {
        var name = StorageNames.Result(awaited.Id);
        var stored = await blobs.LookAsync(StorageNames.WorkContainer, name, CurriculumJson.Default.WorkResult, cancellationToken);
        switch (stored)
        {
            case Stored<WorkResult>.Found { Value: var result }:
                var fault = FaultOf(result, awaited);
                return fault is null ? Counted(result) : await SetAsideAsync(awaited, stored, fault, cancellationToken);
            case Stored<WorkResult>.Unreadable unreadable:
                return await SetAsideAsync(awaited, stored, unreadable.Reason, cancellationToken);
            default:
                return null;
        }
    }

    /// <summary>Ends an item with a result of its own: one that no worker has or will finish.</summary>
    public async Task EndAsync(AwaitedResult awaited, WorkFailure failure, CancellationToken cancellationToken)
    {
        var result = new WorkResult
        {
            Id = awaited.Id,
            InputHash = awaited.InputHash,
            Failure = failure,
            Fingerprint = "",
            Timing = new(Nobody, clock.GetUtcNow(), 0),
        };
        await blobs.TryCreateAsync(
            StorageNames.WorkContainer, StorageNames.Result(awaited.Id), result, CurriculumJson.Default.WorkResult, cancellationToken);
    }

    /// <summary>Without what only people read: a host that concludes a run keeps the answers of all its arms at once.</summary>
    private static WorkResult Counted(WorkResult result) => result.Output is EvaluateOutput evaluated
        ? result with { Output = evaluated with { Answers = [.. evaluated.Answers.Select(answer => answer.Sampled is null ? answer : answer with { Sampled = null })] } }
        : result;

    private static string? FaultOf(WorkResult result, AwaitedResult awaited) =>
        result.Id != awaited.Id ? $"it is the result of {result.Id}"
        : result.InputHash != awaited.InputHash ? $"its input has the SHA-256 {result.InputHash}, expected {awaited.InputHash}"
        : (result.Output is null) == (result.Failure is null) ? "it has both or neither of an output and a failure"
        : result.Output is not { } output ? null
        : !Fits(awaited.Id.Kind, output) ? "its output is of another kind of work"
        : !OutputFigures.AreFinite(output) || !double.IsFinite(result.Timing.Seconds) ? "a figure of its output is not finite"
        : null;

    private static bool Fits(WorkKind kind, WorkOutput output) => kind switch
    {
        WorkKind.Rollout or WorkKind.Pilot or WorkKind.Check => output is RolloutOutput,
        WorkKind.Pretrain or WorkKind.Import or WorkKind.Update => output is UpdateOutput,
        WorkKind.Validate or WorkKind.Evaluate => output is EvaluateOutput,
        WorkKind.Audit => output is ContinueOutput,
        WorkKind.Colocated => output is ColocatedOutput,
        _ => output is ContinueOutput or ScoreOutput or EvaluateOutput,
    };

    private async Task<WorkResult?> SetAsideAsync(AwaitedResult awaited, Stored<WorkResult> stored, string fault, CancellationToken cancellationToken)
    {
        var (name, prefix) = (StorageNames.Result(awaited.Id), $"{awaited.Id}/set-aside/");
        var bytes = await blobs.ReadBytesAsync(StorageNames.WorkContainer, name, cancellationToken);
        await blobs.TryCreateAsync(
            StorageNames.WorkContainer, $"{prefix}{Sha256Hex.Of(bytes.ToMemory().Span)[..16]}.json", bytes.ToMemory(), cancellationToken);
        await blobs.TryDeleteAsync(StorageNames.WorkContainer, name, cancellationToken, stored.Version);
        await incidents.TellAsync(awaited.Id.Run, $"The result of work item {awaited.Id} was set aside and the item sent again: {fault}.", cancellationToken);
        if ((await blobs.ListAsync(StorageNames.WorkContainer, prefix, cancellationToken)).Count < MostSetAside)
            return null;
        await EndAsync(awaited, new(WorkFailure.WrongResult, $"{MostSetAside} results were not the item's; the last: {fault}."), cancellationToken);
        return await FindAsync(awaited, cancellationToken);
    }
}
