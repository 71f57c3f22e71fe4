using System.Globalization;
using Curriculum.Plans;

namespace Curriculum.Work;

/// <summary>Judges a dispatched work item: done, queued, running or stalled; a pure function.</summary>
/// <remarks>
/// A stall counts from the last progress, and it alone counts toward failing. A queued item only waits for a worker: it is sent
/// again after the long limit alone, in case its message was lost, and never fails for it. A claim that was released, or that has not
/// moved since the item was last sent, is no worker: the item is queued, since the later of the two.
/// </remarks>
public static class Liveness
{
    /// <param name="now">The caller's clock.</param>
    /// <param name="dispatchedAt">When the item's message was last sent.</param>
    /// <param name="claim">Null where no worker has taken it yet.</param>
    /// <param name="resultStored">Whether the result blob exists.</param>
    /// <param name="limits">Stalled seconds, redispatches, lost message.</param>
    /// <param name="stalls">How often the item was sent again after a stall so far; other redispatches do not count.</param>
    public static LivenessVerdict Judge(
        DateTimeOffset now, DateTimeOffset dispatchedAt, WorkClaim? claim, bool resultStored, LimitsPlan limits, int stalls)
    {
        if (resultStored)
            return new(LivenessAction.Done, "The result is stored.");
        if (claim is null || claim.Released || claim.LastProgress < dispatchedAt)
        {
            var since = claim is not null && claim.LastProgress > dispatchedAt ? claim.LastProgress : dispatchedAt;
            return (now - since).TotalSeconds > limits.LostMessageSeconds
                ? new(LivenessAction.Redispatch, Invariant($"No worker took the item within {limits.LostMessageSeconds} s since {since:O}; its message may be lost."))
                : new(LivenessAction.Wait, Invariant($"Waiting for a worker since {since:O}."));
        }

        var quiet = (now - claim.LastProgress).TotalSeconds;
        if (quiet <= limits.StalledSeconds)
            return new(LivenessAction.Wait, Invariant($"Worker {claim.Worker} is at {claim.Progress:P0}."));
        var stalled = Invariant($"Worker {claim.Worker} made no progress for {quiet:0} s (stalledSeconds {limits.StalledSeconds}), at {claim.Progress:P0}.");
        return stalls < limits.Redispatches
            ? new(LivenessAction.Redispatch, stalled) { Stalled = true }
            : new(LivenessAction.Fail, Invariant($"{stalled} It was sent again {stalls} times (redispatches {limits.Redispatches}).")) { Stalled = true };
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>What to do about a work item and why.</summary>
public sealed record LivenessVerdict(LivenessAction Action, string Reason)
{
    /// <summary>Whether a worker stalled; a redispatch for that counts toward failing.</summary>
    public bool Stalled { get; init; }
}

/// <summary>What to do about a work item.</summary>
public enum LivenessAction
{
    /// <summary>Read the result.</summary>
    Done,

    /// <summary>Look again later.</summary>
    Wait,

    /// <summary>Send the message again.</summary>
    Redispatch,

    /// <summary>Give the item up.</summary>
    Fail,
}
