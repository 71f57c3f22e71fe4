using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Where an item that is waited for stands, and who holds it.</summary>
internal static class HeldItem
{
    public static ItemStatus Of(OpenItem item, WorkClaim? claim, LimitsPlan limits, DateTimeOffset now)
    {
        var judged = Liveness.Judge(now, item.SentAt, claim, resultStored: false, limits, item.Stalls);
        var works = IsHeld(item, claim);
        return new()
        {
            Id = item.Id.ToString(),
            Kind = item.Id.Kind,
            State = judged.Stalled ? ItemState.Stalled : works ? ItemState.Running : ItemState.Queued,
            SentAt = item.SentAt,
            Stalls = item.Stalls,
            Reason = judged.Reason,
            Worker = works ? claim!.Worker : null,
            Progress = works ? claim!.Progress : null,
        };
    }

    /// <summary>Whether a worker has taken it since it was last sent, and has not let go of it.</summary>
    public static bool IsHeld(OpenItem item, WorkClaim? claim) => claim is { Released: false } && claim.LastProgress >= item.SentAt;

    public static WorkerStatus Worker(WorkItemId id, WorkClaim claim) =>
        new() { Name = claim.Worker, Item = id.ToString(), StartedAt = claim.StartedAt, LastProgress = claim.LastProgress, Progress = claim.Progress, LastError = claim.LastError };
}
