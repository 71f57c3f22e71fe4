using Azure;
using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/queue</c>: what is waited for, by whom and since when, and who works on it.</summary>
public sealed class GetWork(DataStorage storage, JsonBlobs blobs, FrozenRun frozen, WorkClaims claims, WorkDispatch dispatch, QueuedRuns turns, TimeProvider clock)
{
    private const int MostItems = 500;

    [Function(nameof(GetWork))]
    [Operation("What is waited for, by whom and since when, and which workers are at work")]
    [Parameter("run", "string", "A run's id: its waits alone.")]
    [Answers(200, typeof(QueueStatus), "The queue.")]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "queue")] HttpRequest request, CancellationToken cancellationToken)
    {
        await storage.EnsureAsync(cancellationToken);
        var run = request.Query["run"].ToString();
        var (waits, workers, left) = (new List<WaitStatus>(), new List<WorkerStatus>(), MostItems);
        foreach (var name in await blobs.ListAsync(
            StorageNames.WorkContainer, run.Length == 0 ? OpenWaits.Everything : RunId.IsValid(run) ? OpenWaits.Prefix(RunId.Parse(run)) : "//", cancellationToken))
        {
            if (await blobs.LookAsync(StorageNames.WorkContainer, name, StorageJson.Default.OpenWait, cancellationToken) is not Stored<OpenWait>.Found { Value: var wait })
                continue;
            var items = await ItemsAsync(wait, workers, left, cancellationToken);
            left -= items.Count;
            waits.Add(new()
            {
                Run = wait.Owner.Run,
                Scope = wait.Owner.Scope.ToString(),
                Seed = wait.Owner.Seed,
                Stage = wait.Owner.Stage,
                Attempt = wait.Owner.Attempt,
                Description = wait.Description,
                Since = wait.Items.Count == 0 ? null : wait.Items.Min(item => item.SentAt),
                Items = items,
            });
        }

        return new JsonReply<QueueStatus>(
            200,
            new()
            {
                Messages = await MessagesAsync(StorageNames.WorkQueue, cancellationToken),
                SetAside = await MessagesAsync(StorageNames.WorkPoisonQueue, cancellationToken),
                MaxActive = turns.MaxActive,
                Line = await turns.LineAsync(cancellationToken),
                Waits = waits,
                Workers = [.. workers.OrderBy(worker => worker.Name, StringComparer.Ordinal)],
            },
            ApiJson.Default.QueueStatus);
    }

    private async Task<IReadOnlyList<ItemStatus>> ItemsAsync(OpenWait wait, List<WorkerStatus> workers, int most, CancellationToken cancellationToken)
    {
        if (wait.Items.Count == 0 || await LimitsAsync(wait.Owner.Run, cancellationToken) is not { } limits)
            return [];
        var there = await dispatch.StoredAsync([.. wait.Items.Select(item => item.Id)], cancellationToken);
        var items = new List<ItemStatus>();
        foreach (var item in wait.Items.Where(item => !there.ContainsKey(StorageNames.Result(item.Id))).Take(most))
        {
            var claim = there.ContainsKey(StorageNames.Claim(item.Id)) ? await claims.FindAsync(item.Id, cancellationToken) : null;
            items.Add(HeldItem.Of(item, claim, limits, clock.GetUtcNow()));
            if (HeldItem.IsHeld(item, claim))
                workers.Add(HeldItem.Worker(item.Id, claim!));
        }

        return items;
    }

    private async Task<LimitsPlan?> LimitsAsync(string run, CancellationToken cancellationToken)
    {
        try
        {
            return (await frozen.FindAsync(run, cancellationToken))?.Plan.Limits;
        }
        catch (UnreadableBlobException)
        {
            return null;
        }
    }

    private async Task<int> MessagesAsync(string queue, CancellationToken cancellationToken)
    {
        try
        {
            return (await storage.Queues.GetQueueClient(queue).GetPropertiesAsync(cancellationToken)).Value.ApproximateMessagesCount;
        }
        catch (RequestFailedException failure) when (failure.Status == 404)
        {
            return 0;
        }
    }
}
