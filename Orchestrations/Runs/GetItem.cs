using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs/{id}/items/{item}</c>: a work item's way, with what the host and the workers noted about it.</summary>
internal sealed class GetItem(JsonBlobs blobs, FrozenRun frozen, WorkDispatch dispatch, WorkClaims claims, TimeProvider clock)
{
    [Function(nameof(GetItem))]
    [Operation("One work item: where it stands, who computed it, and what the host and the workers noted about it")]
    [Answers(200, typeof(ItemHistory), "The item.")]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.UnknownItem)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/items/{item}")] HttpRequest request,
        string id,
        string item,
        CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(id) || await frozen.FindAsync(id, cancellationToken) is not { } record)
            return Refusal.UnknownRun(id);
        if (WorkItemId.OfAddress(record.Run, item) is not { } known || await dispatch.StoredAsync([known], cancellationToken) is not { } there || !there.ContainsKey(StorageNames.Item(known)))
            return Refusal.Of(404, ProblemCode.UnknownItem, "There is no such work item.",
                $"Expected the id of a work item of run {id} without the run and with dots for slashes, such as srl.1.0.0.3.0.0.rollout, found '{item}'.");

        var now = clock.GetUtcNow();
        var claim = there.ContainsKey(StorageNames.Claim(known)) ? await claims.FindAsync(known, cancellationToken) : null;
        var isOver = there.TryGetValue(StorageNames.Result(known), out var stored);
        var waited = isOver ? null : await WaitedAsync(known, cancellationToken);
        return new JsonReply<ItemHistory>(
            200,
            new()
            {
                Id = known.ToString(),
                Kind = known.Kind,
                CreatedAt = now - there[StorageNames.Item(known)],
                Waiting = waited is null ? null : HeldItem.Of(waited, claim, record.Plan.Limits, now),
                Worker = claim is null ? null : HeldItem.Worker(known, claim),
                Result = isOver ? await ResultAsync(known, now - stored, cancellationToken) : null,
                SetAside = there.Keys.Count(name => name.StartsWith($"{known}/set-aside/", StringComparison.Ordinal)),
                Incidents = await IncidentsAsync(known, cancellationToken),
                Logs = await LogsAsync(there.Keys.Where(name => name.StartsWith(StorageNames.Logs(known), StringComparison.Ordinal)), cancellationToken),
            },
            ApiJson.Default.ItemHistory);
    }

    private async Task<OpenItem?> WaitedAsync(WorkItemId id, CancellationToken cancellationToken)
    {
        foreach (var name in await blobs.ListAsync(StorageNames.WorkContainer, OpenWaits.Prefix(id.Run), cancellationToken))
        {
            if (await blobs.LookAsync(StorageNames.WorkContainer, name, StorageJson.Default.OpenWait, cancellationToken) is Stored<OpenWait>.Found { Value: var wait }
                && wait.Items.FirstOrDefault(item => item.Id == id) is { } found)
            {
                return found;
            }
        }

        return null;
    }

    /// <summary>Null where what is stored cannot be read: the run finds that out for itself, and sets it aside.</summary>
    private async Task<ItemResult?> ResultAsync(WorkItemId id, DateTimeOffset storedAt, CancellationToken cancellationToken) =>
        await blobs.LookAsync(StorageNames.WorkContainer, StorageNames.Result(id), CurriculumJson.Default.WorkResult, cancellationToken) is Stored<WorkResult>.Found { Value: var result }
            ? new()
            {
                Worker = result.Timing.Worker,
                StartedAt = result.Timing.StartedAt,
                Seconds = result.Timing.Seconds,
                StoredAt = storedAt,
                Fingerprint = result.Fingerprint,
                Failure = result.Failure
            }
            : null;

    private async Task<IReadOnlyList<Incident>> IncidentsAsync(WorkItemId id, CancellationToken cancellationToken)
    {
        var (found, named) = (new List<Incident>(), id.ToString());
        foreach (var name in await blobs.ListAsync(StorageNames.RunsContainer, Incidents.Prefix(id.Run), cancellationToken))
        {
            if (await blobs.LookAsync(StorageNames.RunsContainer, name, StorageJson.Default.Incident, cancellationToken) is Stored<Incident>.Found { Value: var incident }
                && incident.What.Contains(named, StringComparison.Ordinal))
            {
                found.Add(incident);
            }
        }

        return [.. found.OrderBy(incident => incident.At)];
    }

    private async Task<IReadOnlyList<WorkLog>> LogsAsync(IEnumerable<string> names, CancellationToken cancellationToken)
    {
        var logs = new List<WorkLog>();
        foreach (var name in names)
        {
            if (await blobs.LookAsync(StorageNames.WorkContainer, name, CurriculumJson.Default.WorkLog, cancellationToken) is Stored<WorkLog>.Found { Value: var log })
                logs.Add(log);
        }

        return [.. logs.OrderBy(log => log.Lines.Count == 0 ? DateTimeOffset.MaxValue : log.Lines[0].At)];
    }
}
