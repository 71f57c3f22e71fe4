using System.Text.Json;
using Curriculum.Costs;
using Curriculum.Evaluation;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.DurableTask.Client;
using Orchestrations.Runs;
using Orchestrations.Storage;
using Orchestrations.Webhooks;
using Orchestrations.Workflows;

namespace Orchestrations.Schedules;

/// <summary>Takes one schedule a step on: notes what its runs came to, starts what waits, decides on a time that has come.</summary>
/// <remarks>Any number of these may go on at once and each may be cut off anywhere: decisions are written first, and everything after them is done again.</remarks>
public sealed class ScheduleRound(ScheduleStore store, JsonBlobs blobs, RunStarter starter, RunPricing pricing, Webhook webhook, TimeProvider clock)
{
    /// <summary>Scheduled runs that are looked at; the open ones are among the newest.</summary>
    private const int LookedAt = 30;

    /// <summary>A run whose record is missing for longer has been purged, and is not started again.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromHours(1);

    public async Task AdvanceAsync(DurableTaskClient client, Schedule schedule, CancellationToken cancellationToken)
    {
        var runs = (await store.ScheduledRunsAsync(schedule.Name, LookedAt, cancellationToken)).ToList();
        // The oldest first: what a later one comes to is held against an earlier one.
        for (var i = runs.Count - 1; i >= 0; i--)
        {
            if (runs[i].ScheduledRun.State == ScheduledRunState.Started
                && await FollowAsync(client, schedule, runs[i], runs.Skip(i + 1), cancellationToken) is { } followed)
                runs[i] = followed;
        }

        for (var i = 0; i < runs.Count; i++)
        {
            if (runs[i].ScheduledRun.State == ScheduledRunState.Queued && !runs.Any(other => other.ScheduledRun.State == ScheduledRunState.Started)
                && await StartQueuedAsync(client, schedule, runs[i], cancellationToken) is { } started)
                runs[i] = started;
        }

        if (ScheduleTimes.Due(schedule, After(schedule, runs), clock.GetUtcNow()) is { } due)
            await DecideAsync(client, schedule, runs, due.Scheduled, due.Missed, cancellationToken);
    }

    private static DateTimeOffset After(Schedule schedule, List<StoredScheduledRun> runs) =>
        runs.Count > 0 && runs[0].ScheduledRun.Scheduled > schedule.CreatedAt ? runs[0].ScheduledRun.Scheduled : schedule.CreatedAt;

    private async Task DecideAsync(
        DurableTaskClient client, Schedule schedule, List<StoredScheduledRun> runs, DateTimeOffset scheduled, int missed, CancellationToken cancellationToken)
    {
        var running = runs.FirstOrDefault(stored => stored.ScheduledRun.State == ScheduledRunState.Started)?.ScheduledRun;
        var reading = PlanReader.Read(schedule.Plan.GetRawText());
        var violations = await ViolationsAsync(reading, cancellationToken);
        var (state, reason) = (violations, running, schedule.WhenRunning) switch
        {
            ({ Count: > 0 }, _, _) => (ScheduledRunState.Refused, string.Join("; ", violations.Select(violation => $"{violation.Pointer}: {violation.Message}"))),
            (_, null, _) => (ScheduledRunState.Started, null),
            (_, _, WhenRunning.Queue) => (ScheduledRunState.Queued, $"Waits for {running.Run}, which still runs."),
            _ => (ScheduledRunState.Skipped, $"{running.Run} still ran."),
        };
        var decided = new ScheduledRun
        {
            Schedule = schedule.Name,
            Scheduled = scheduled,
            Run = ScheduleTimes.Run(schedule.Name, scheduled),
            DecidedAt = clock.GetUtcNow(),
            State = state,
            Reason = reason,
            Missed = missed,
        };
        if (!await store.TryDecideAsync(decided, cancellationToken))
            return;

        foreach (var waiting in runs.Where(stored => stored.ScheduledRun.State == ScheduledRunState.Queued))
            await store.TryAdvanceAsync(waiting, waiting.ScheduledRun with { State = ScheduledRunState.Skipped, Reason = $"{decided.Run} came while it waited." }, cancellationToken);
        if (state == ScheduledRunState.Started)
            await starter.StartAsync(client, decided.Run, reading.Plan!, cancellationToken);
        await store.PruneAsync(schedule.Name, cancellationToken);
    }

    /// <summary>What keeps the plan from running: its own faults, or a price above its cap.</summary>
    private async Task<IReadOnlyList<PlanViolation>> ViolationsAsync(PlanReading reading, CancellationToken cancellationToken) =>
        reading.Plan is not { } plan ? reading.Violations
        : CostCap.Check(plan, await pricing.OfAsync(plan, cancellationToken)) is { } over ? [over]
        : [];

    private async Task<StoredScheduledRun?> StartQueuedAsync(DurableTaskClient client, Schedule schedule, StoredScheduledRun queued, CancellationToken cancellationToken)
    {
        if (await store.TryAdvanceAsync(queued, queued.ScheduledRun with { State = ScheduledRunState.Started, Reason = null, DecidedAt = clock.GetUtcNow() }, cancellationToken) is not { } started)
            return null;
        if (PlanReader.Read(schedule.Plan.GetRawText()).Plan is { } plan)
            await starter.StartAsync(client, queued.ScheduledRun.Run, plan, cancellationToken);
        return started;
    }

    /// <summary>Notes what a started run came to; starts one that a crash kept from starting.</summary>
    private async Task<StoredScheduledRun?> FollowAsync(
        DurableTaskClient client, Schedule schedule, StoredScheduledRun stored, IEnumerable<StoredScheduledRun> earlier, CancellationToken cancellationToken)
    {
        var scheduled = stored.ScheduledRun;
        var instance = await client.GetInstanceAsync(scheduled.Run, getInputsAndOutputs: true, cancellationToken);
        if (instance is null && clock.GetUtcNow() - scheduled.DecidedAt < StartLimit)
        {
            if (PlanReader.Read(schedule.Plan.GetRawText()).Plan is { } plan)
                await starter.StartAsync(client, scheduled.Run, plan, cancellationToken);
            return null;
        }

        if (instance is { IsCompleted: false })
            return null;
        var ended = await ConcludedAsync(scheduled, instance, [.. earlier.Select(other => other.ScheduledRun)], cancellationToken);
        // The call first: cut off here, it is made again under the same id, and delivered once.
        if (ended.Regressions.Count > 0)
            await webhook.AnnounceAsync(client, Message(ended), cancellationToken);
        return await store.TryAdvanceAsync(stored, ended, cancellationToken);
    }

    private async Task<ScheduledRun> ConcludedAsync(ScheduledRun scheduled, OrchestrationMetadata? instance, List<ScheduledRun> earlier, CancellationToken cancellationToken)
    {
        var summary = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } ? instance.ReadOutputAs<RunSummary>() : null;
        var stored = await blobs.LookAsync(
            StorageNames.RunsContainer, StorageNames.Verdict(scheduled.Run), VerdictJson.Default.RunVerdict, cancellationToken);
        var unreadable = (stored as Stored<RunVerdict>.Unreadable)?.Reason;
        var ended = scheduled with
        {
            State = summary?.State switch
            {
                RunState.Completed when unreadable is null => ScheduledRunState.Completed,
                RunState.Canceled => ScheduledRunState.Canceled,
                _ => instance?.RuntimeStatus == OrchestrationRuntimeStatus.Terminated ? ScheduledRunState.Canceled : ScheduledRunState.Failed,
            },
            Reason = summary is { Failures.Count: > 0 } ? string.Join("; ", summary.Failures.Select(failure => failure.Text))
                : unreadable is not null ? unreadable
                : instance is null ? "The run's record is gone."
                : EngineFailure.Of(instance),
            Score = stored is Stored<RunVerdict>.Found { Value: var verdict } ? VerdictScore.Of(verdict) : null,
        };
        return Compared(ended, earlier);
    }

    private static ScheduledRun Compared(ScheduledRun ended, List<ScheduledRun> earlier)
    {
        var last = earlier.FirstOrDefault(other => other.State is ScheduledRunState.Completed or ScheduledRunState.Failed);
        if (ended.State == ScheduledRunState.Failed)
        {
            // One that failed the night before as well has been told of.
            return last is { State: ScheduledRunState.Completed }
                ? ended with { ComparedWith = last.Run, Regressions = [$"The run failed: {ended.Reason}"] }
                : ended;
        }

        var good = earlier.FirstOrDefault(other => other is { State: ScheduledRunState.Completed, Score: not null });
        return ended is { State: ScheduledRunState.Completed, Score: { } score } && good?.Score is { } before && VerdictTrend.AreComparable(before, score)
            ? ended with { ComparedWith = good.Run, Regressions = VerdictTrend.Regressions(before, score) }
            : ended;
    }

    /// <summary>The call that tells of a regression.</summary>
    internal static WebhookMessage Message(ScheduledRun scheduled) => new()
    {
        Id = RegressionId(scheduled.Run),
        Type = "schedule.regressed",
        Run = scheduled.Run,
        State = JsonSerializer.Serialize(scheduled.State, SchedulesJson.Default.ScheduledRunState).Trim('"'),
        Headline = scheduled.Score?.Headline,
        Schedule = scheduled.Schedule,
        Scheduled = scheduled.Scheduled,
        ComparedWith = scheduled.ComparedWith,
        Reasons = scheduled.Regressions,
    };

    /// <summary>The id of that call, and of the orchestration that makes it.</summary>
    public static string RegressionId(string run) => $"{run}:regressed";
}
