using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.DurableTask;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Workflows;

/// <summary>Waits for work items: the event is a hint, the stored result the truth, silence leads to a redispatch.</summary>
public static class WorkWait
{
    /// <summary>After so long items without an event are looked at; after twice as long again, up to a longest pause.</summary>
    private static readonly TimeSpan FirstLook = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWithWorkers = TimeSpan.FromSeconds(60);

    /// <summary>Where no worker has any item nothing can fall silent: an hour in the queue is a dozen looks.</summary>
    private static readonly TimeSpan LongestWithoutWorkers = TimeSpan.FromMinutes(5);

    /// <summary>Returns null once every item has a result, or why one never will.</summary>
    public static async Task<string?> AllAsync(
        TaskOrchestrationContext context, StageKey stage, IReadOnlyList<string> ids, LimitsPlan limits)
    {
        if (ids.Count == 0)
            return null;

        DateTimeOffset Now() => new(context.CurrentUtcDateTime, TimeSpan.Zero);
        var events = ids.ToDictionary(id => id, id => context.WaitForExternalEvent<string>(ResultMessage.EventNameOf(id)), StringComparer.Ordinal);
        var sent = ids.ToDictionary(id => id, id => new DispatchedWork(id, Now(), 0), StringComparer.Ordinal);
        var pause = FirstLook;
        while (true)
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime + pause, stop.Token);
            if (await Task.WhenAny(Task.WhenAll(events.Values), timer) != timer)
            {
                // Not CancelAsync: it would leave the orchestration's thread.
                stop.Cancel();
                return null;
            }

            // In the order of the ids, so that a replay asks alike.
            DispatchedWork[] open = [.. events.Where(item => !item.Value.IsCompleted).Select(item => sent[item.Key]).OrderBy(item => item.Id, StringComparer.Ordinal)];
            if (open.Length > 0)
            {
                var seen = await context.CallActivityAsync<InspectedWork>(
                    nameof(InspectWork), new InspectWorkInput(stage, context.InstanceId, open), Retries.Storage);
                if (seen.Failure is { } failure)
                    return failure;
                foreach (var id in seen.Done)
                    events.Remove(id);
                foreach (var item in seen.Resent)
                    sent[item.Id] = item;
                pause = Next(pause, seen, limits);
            }

            if (events.Values.All(done => done.IsCompleted))
                return null;
        }
    }

    /// <summary>At most half the time after which a worker is silent, so that silence is seen soon after.</summary>
    private static TimeSpan Next(TimeSpan pause, InspectedWork seen, LimitsPlan limits)
    {
        var silence = TimeSpan.FromSeconds(limits.SilenceSeconds / 2.0);
        var longest = !seen.Claimed ? LongestWithoutWorkers : silence < LongestWithWorkers ? silence : LongestWithWorkers;
        // A pause may last for days: what ends it for an item is its result, whose report wakes the orchestration.
        if ((seen.Resent.Count > 0 && !seen.Paused) || longest < FirstLook)
            return FirstLook;
        return pause * 2 < longest ? pause * 2 : longest;
    }
}
