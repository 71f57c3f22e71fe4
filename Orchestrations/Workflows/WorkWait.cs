using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.DurableTask;

namespace Orchestrations.Workflows;

/// <summary>Waits for work items: the event is a hint, the stored result the truth, silence leads to a redispatch.</summary>
public static class WorkWait
{
    /// <summary>How often items without an event are looked at.</summary>
    private static readonly TimeSpan InspectEvery = TimeSpan.FromSeconds(30);

    /// <summary>Returns null once every item has a result, or why one never will.</summary>
    public static async Task<string?> AllAsync(
        TaskOrchestrationContext context, StageKey stage, IReadOnlyList<string> ids, LimitsPlan limits)
    {
        if (ids.Count == 0)
            return null;
        DateTimeOffset Now() => new(context.CurrentUtcDateTime, TimeSpan.Zero);
        var waiting = ids.ToDictionary(id => id, id => context.WaitForExternalEvent<string>(ResultMessage.EventNameOf(id)), StringComparer.Ordinal);
        var sent = ids.ToDictionary(id => id, _ => Now(), StringComparer.Ordinal);
        var silences = ids.ToDictionary(id => id, _ => 0, StringComparer.Ordinal);
        while (true)
        {
            using var stop = new CancellationTokenSource();
            var timer = context.CreateTimer(context.CurrentUtcDateTime + InspectEvery, stop.Token);
            if (await Task.WhenAny(Task.WhenAll(waiting.Values), timer) != timer)
            {
                // Not CancelAsync: it would leave the orchestration's thread.
                stop.Cancel();
                return null;
            }

            // In the order of the ids, so that a replay asks alike.
            string[] silent = [.. waiting.Where(item => !item.Value.IsCompleted).Select(item => item.Key).Order(StringComparer.Ordinal)];
            foreach (var id in silent)
            {
                var seen = await context.CallActivityAsync<InspectedWork>(
                    nameof(Activities.InspectWork),
                    new InspectWorkInput(stage, id, context.InstanceId, sent[id], silences[id]),
                    Retries.Storage);
                if (seen.Failure is { } failure)
                    return failure;
                if (seen.Done)
                    waiting.Remove(id);
                if (!seen.Redispatched)
                    continue;
                sent[id] = Now();
                silences[id] += seen.Silent ? 1 : 0;
            }

            if (waiting.Values.All(done => done.IsCompleted))
                return null;
        }
    }
}

/// <summary>What <see cref="Activities.InspectWork"/> is asked.</summary>
public sealed record InspectWorkInput(StageKey Stage, string Id, string Instance, DateTimeOffset DispatchedAt, int Silences);

/// <summary>What <see cref="Activities.InspectWork"/> found and did.</summary>
public sealed record InspectedWork(bool Done, bool Redispatched, bool Silent, string? Failure);
