using System.Text.Json;
using Curriculum.Texts;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Watching;

/// <summary>Looks at work items that are waited for: done, running, stalled or still queued; sends stalled and lost ones again, ends those that cannot be helped.</summary>
public sealed partial class ItemLook(
    JsonBlobs blobs, FrozenRun frozen, ControlBlob controls, RunUsage usage, WorkDispatch dispatch, WorkClaims claims, WorkResults results, Incidents incidents, TimeProvider clock,
        ILogger<ItemLook> log)
{
    /// <summary>While a run is paused the age of its items is set back this often.</summary>
    private static readonly TimeSpan PausedAge = TimeSpan.FromMinutes(1);

    public async Task<SeenItems> AtAsync(OpenWait wait, CancellationToken cancellationToken)
    {
        var run = wait.Owner.Run;
        var limits = (await frozen.PlanAsync(run, cancellationToken)).Limits;
        var control = await controls.ReadAsync(run, cancellationToken);
        var cap = await usage.CapAsync(run, cancellationToken);
        var there = await dispatch.StoredAsync([.. wait.Items.Select(item => item.Id)], cancellationToken);
        var (done, changed) = (new HashSet<WorkItemId>(), new List<OpenItem>());
        var told = (Rank: 0, Id: (WorkItemId?)null, Reason: "");
        var moved = DateTimeOffset.MinValue;
        foreach (var item in wait.Items)
        {
            changed.Add(item);
            if (!there.ContainsKey(StorageNames.Item(item.Id)))
            {
                // Its activity has not stored it yet, or will do so again.
                told = Worse(told, 1, item.Id, "It is being sent.");
                continue;
            }

            var stored = there.ContainsKey(StorageNames.Result(item.Id));
            var claim = !stored && there.ContainsKey(StorageNames.Claim(item.Id)) ? await claims.FindAsync(item.Id, cancellationToken) : null;
            var judged = Liveness.Judge(clock.GetUtcNow(), item.SentAt, claim, stored, limits, item.Stalls);
            var works = judged.Action == LivenessAction.Wait && claim is { Released: false } && claim.LastProgress >= item.SentAt;
            if (judged.Action == LivenessAction.Done)
            {
                done.Add(item.Id);
                continue;
            }

            moved = new[] { moved, item.SentAt, claim?.LastProgress ?? item.SentAt }.Max();

            if (!works && control is { DesiredState: DesiredState.Pause })
            {
                // A paused item goes round the queue: neither its age nor its place there says anything.
                if (clock.GetUtcNow() - item.SentAt > PausedAge)
                    changed[^1] = item with { SentAt = clock.GetUtcNow() };
                told = Worse(told, 1, item.Id, "The run is paused.");
                continue;
            }

            WorkFailure? end = !works && control is { DesiredState: DesiredState.Cancel }
                ? new(WorkFailure.Canceled, $"The run was canceled before a worker took the item: {control.Reason ?? "no reason given"}.")
                : !works && cap is not null && IsMaking(item.Id) ? new(WorkFailure.Capped, cap)
                : judged.Action == LivenessAction.Fail ? new(WorkFailure.Stalled, judged.Reason)
                : null;
            if (end is not null)
            {
                if (end.Kind == WorkFailure.Stalled)
                    await incidents.TellAsync(run, $"Work item {item.Id} was given up: {judged.Reason}", cancellationToken);
                await EndAsync(item.Id, end, cancellationToken);
                done.Add(item.Id);
                continue;
            }

            switch (judged.Action)
            {
                case LivenessAction.Redispatch when !judged.Stalled && await dispatch.MayBeQueuedAsync(item.SentAt, cancellationToken):
                    told = Worse(told, 1, item.Id, $"Waiting for a worker since {item.SentAt:O}; the queue still holds messages as old.");
                    break;
                case LivenessAction.Redispatch:
                    LogRedispatch(item.Id, judged.Reason);
                    await incidents.TellAsync(run, $"Work item {item.Id} was sent again: {judged.Reason}", cancellationToken);
                    await dispatch.ResendAsync(item.Id, wait.Instance, cancellationToken);
                    changed[^1] = item with { SentAt = clock.GetUtcNow(), Stalls = item.Stalls + (judged.Stalled ? 1 : 0) };
                    told = Worse(told, 3, item.Id, $"{judged.Reason} Sent again.");
                    break;
                default:
                    told = Worse(told, works ? 2 : 1, item.Id, judged.Reason);
                    break;
            }
        }

        var newest = done.Select(id => there.GetValueOrDefault(StorageNames.Result(id))).DefaultIfEmpty(TimeSpan.Zero).Min();
        return new(changed, done, newest, InWords(told, wait.Items.Count - done.Count - 1))
        {
            Quiet = done.Count > 0 && clock.GetUtcNow() - newest > moved ? newest : clock.GetUtcNow() - moved,
        };
    }

    private static string? InWords((int Rank, WorkItemId? Id, string Reason) told, int more) => told.Rank switch
    {
        0 => null,
        _ when more > 0 => $"{told.Id}: {told.Reason} ({more} more {(more == 1 ? "item is" : "items are")} waited for)",
        _ => $"{told.Id}: {told.Reason}",
    };

    /// <summary>Whether a cap stops the item: what measures is what a capped run concludes with.</summary>
    private static bool IsMaking(WorkItemId id) =>
        id.Kind is WorkKind.Import or WorkKind.Pretrain or WorkKind.Rollout or WorkKind.Pilot or WorkKind.Check or WorkKind.Update or WorkKind.Colocated;

    /// <summary>Ends an item with a result of its own: one that no worker has or will finish.</summary>
    private async Task EndAsync(WorkItemId id, WorkFailure failure, CancellationToken cancellationToken)
    {
        var item = await blobs.ReadBytesAsync(StorageNames.WorkContainer, StorageNames.Item(id), cancellationToken);
        await results.EndAsync(new(id, Sha256Hex.Of(item.ToMemory().Span)), failure, cancellationToken);
    }

    private static (int Rank, WorkItemId? Id, string Reason) Worse((int Rank, WorkItemId? Id, string Reason) told, int rank, WorkItemId id, string reason) =>
        rank > told.Rank ? (rank, id, reason) : told;

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sending {Id} again: {Reason}")]
    private partial void LogRedispatch(WorkItemId id, string reason);
}

/// <summary>What was found of the items of a wait.</summary>
/// <param name="Items">All of them, as they stand now.</param>
/// <param name="Done">Ids of those with a stored result.</param>
/// <param name="SinceLast">How long ago the newest result was stored.</param>
/// <param name="Description">What is waited for, in words; null once everything is done.</param>
public sealed record SeenItems(IReadOnlyList<OpenItem> Items, IReadOnlySet<WorkItemId> Done, TimeSpan SinceLast, string? Description)
{
    /// <summary>How long ago an item was sent, showed progress or had its result stored.</summary>
    public TimeSpan Quiet { get; init; }
}
