using System.Text.Json;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Looks at the items that no event came for: done, working, silent or still queued; sends silent and lost ones again.</summary>
public sealed partial class InspectWork(
    JsonBlobs blobs, FrozenRun frozen, RunUsage usage, StageRecords records, WorkDispatch dispatch, WorkClaims claims, Incidents incidents,
    TimeProvider clock, ILogger<InspectWork> log)
{
    /// <summary>Who the result of an item is by that no worker took before its run was canceled or reached a cap.</summary>
    private const string Nobody = "nobody";

    [Function(nameof(InspectWork))]
    public async Task<InspectedWork> Run([ActivityTrigger] InspectWorkInput input, CancellationToken cancellationToken)
    {
        var run = input.Stage.Run;
        var limits = (await frozen.PlanAsync(run, cancellationToken)).Limits;
        var control = await blobs.FindAsync(
            StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);
        var cap = await usage.CapAsync(run, cancellationToken);
        var (done, resent) = (new List<string>(), new List<DispatchedWork>());
        var (told, claimed, paused) = ((Rank: 0, Id: "", Reason: ""), false, false);
        var there = await dispatch.StoredAsync([.. input.Items.Select(item => item.Id)], cancellationToken);
        foreach (var item in input.Items)
        {
            var stored = there.Contains(StorageNames.Result(item.Id));
            var claim = !stored && there.Contains(StorageNames.Claim(item.Id)) ? await claims.FindAsync(item.Id, cancellationToken) : null;
            var judged = Liveness.Judge(clock.GetUtcNow(), item.SentAt, claim, stored, limits, item.Silences);
            var works = judged.Action == LivenessAction.Wait && claim is { Released: false } && claim.LastProgress >= item.SentAt;
            claimed |= works;
            if (judged.Action == LivenessAction.Done)
            {
                done.Add(item.Id);
                continue;
            }

            if (!works && control is { Wish: RunWish.Cancel })
            {
                await EndAsync(item.Id, new(StageFailure.Canceled, $"The run was canceled before a worker took the item: {control.Reason ?? "no reason given"}."), cancellationToken);
                done.Add(item.Id);
                continue;
            }

            if (!works && control is { Wish: RunWish.Pause })
            {
                // A paused item goes round the queue: neither its age nor its place there says anything.
                paused = true;
                resent.Add(item with { SentAt = clock.GetUtcNow() });
                told = Worse(told, 1, item.Id, "The run is paused.");
                continue;
            }

            if (!works && cap is not null && IsMaking(item.Id))
            {
                await EndAsync(item.Id, new(StageFailure.Capped, cap), cancellationToken);
                done.Add(item.Id);
                continue;
            }

            switch (judged.Action)
            {
                case LivenessAction.Fail:
                    await incidents.TellAsync(run, $"Work item {item.Id} was given up: {judged.Reason}", cancellationToken);
                    return new(done, resent, Claimed: true, $"Work item {item.Id}: {judged.Reason}");
                case LivenessAction.Redispatch when !judged.Silent && await dispatch.MayBeQueuedAsync(item.SentAt, cancellationToken):
                    told = Worse(told, 1, item.Id, $"Waiting for a worker since {item.SentAt:O}; the queue still holds messages as old.");
                    break;
                case LivenessAction.Redispatch:
                    LogRedispatch(item.Id, judged.Reason);
                    await incidents.TellAsync(run, $"Work item {item.Id} was sent again: {judged.Reason}", cancellationToken);
                    await dispatch.ResendAsync(item.Id, input.Instance, cancellationToken);
                    resent.Add(item with { SentAt = clock.GetUtcNow(), Silences = item.Silences + (judged.Silent ? 1 : 0) });
                    told = Worse(told, 3, item.Id, $"{judged.Reason} Sent again.");
                    break;
                default:
                    told = Worse(told, works ? 2 : 1, item.Id, judged.Reason);
                    break;
            }
        }

        if (told.Rank > 0)
            await records.WriteWaitingAsync(input.Stage, told.Id, told.Reason, input.Items.Count - done.Count - 1, cancellationToken);
        return new(done, resent, claimed, null) { Paused = paused };
    }

    /// <summary>Whether a cap stops the item: what measures is what a capped run concludes with.</summary>
    private static bool IsMaking(string id) =>
        WorkItemId.Parse(id).Kind is WorkKind.Import or WorkKind.Pretrain or WorkKind.Rollout or WorkKind.Pilot or WorkKind.Check or WorkKind.Update;

    /// <summary>Ends an item that no worker has: a run that is to stop does so without one.</summary>
    private async Task EndAsync(string id, WorkFailure failure, CancellationToken cancellationToken)
    {
        var item = await blobs.Blob(StorageNames.WorkContainer, StorageNames.Item(id)).DownloadContentAsync(cancellationToken);
        var result = new WorkResult
        {
            Id = id,
            InputHash = CurriculumJson.Hash(item.Value.Content.ToMemory().Span),
            Failure = failure,
            Fingerprint = "",
            Timing = new(Nobody, clock.GetUtcNow(), 0),
        };
        await blobs.TryCreateAsync(
            StorageNames.WorkContainer,
            StorageNames.Result(id),
            JsonSerializer.SerializeToUtf8Bytes(result, CurriculumJson.Default.WorkResult),
            cancellationToken);
    }

    private static (int Rank, string Id, string Reason) Worse((int Rank, string Id, string Reason) told, int rank, string id, string reason) =>
        rank > told.Rank ? (rank, id, reason) : told;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sending {Id} again: {Reason}")]
    private partial void LogRedispatch(string id, string reason);
}

/// <summary>Input of <see cref="InspectWork"/>.</summary>
public sealed record InspectWorkInput(StageKey Stage, string Instance, IReadOnlyList<DispatchedWork> Items);

/// <summary>An item that is waited for.</summary>
/// <param name="SentAt">When its message was last sent.</param>
/// <param name="Silences">How often it was sent again because its worker fell silent.</param>
public sealed record DispatchedWork(string Id, DateTimeOffset SentAt, int Silences);

/// <summary>What <see cref="InspectWork"/> found and did.</summary>
/// <param name="Done">Items with a stored result.</param>
/// <param name="Resent">Items whose message was sent again, or goes round the queue while the run is paused.</param>
/// <param name="Claimed">Whether a worker has any of the items.</param>
/// <param name="Failure">Why an item will never have a result.</param>
public sealed record InspectedWork(IReadOnlyList<string> Done, IReadOnlyList<DispatchedWork> Resent, bool Claimed, string? Failure)
{
    /// <summary>Whether items wait for the run to go on; nothing was sent again then.</summary>
    public bool Paused { get; init; }
}
