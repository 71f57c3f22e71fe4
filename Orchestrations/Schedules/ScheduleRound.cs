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
    /// <summary>Firings that are looked at; the open ones are among the newest.</summary>
    private const int LookedAt = 30;

    /// <summary>A run whose record is missing for longer has been purged, and is not started again.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromHours(1);

    public async Task AdvanceAsync(DurableTaskClient client, Schedule schedule, CancellationToken cancellationToken)
    {
        var firings = (await store.FiringsAsync(schedule.Name, LookedAt, cancellationToken)).ToList();
        // The oldest first: what a later one comes to is held against an earlier one.
        for (var i = firings.Count - 1; i >= 0; i--)
        {
            if (firings[i].Firing.State == FiringState.Started
                && await FollowAsync(client, schedule, firings[i], firings.Skip(i + 1), cancellationToken) is { } followed)
                firings[i] = followed;
        }

        for (var i = 0; i < firings.Count; i++)
        {
            if (firings[i].Firing.State == FiringState.Queued && !firings.Any(other => other.Firing.State == FiringState.Started)
                && await StartQueuedAsync(client, schedule, firings[i], cancellationToken) is { } started)
                firings[i] = started;
        }

        if (ScheduleTimes.Due(schedule, After(schedule, firings), clock.GetUtcNow()) is { } due)
            await DecideAsync(client, schedule, firings, due.Scheduled, due.Missed, cancellationToken);
    }

    private static DateTimeOffset After(Schedule schedule, List<StoredFiring> firings) =>
        firings.Count > 0 && firings[0].Firing.Scheduled > schedule.CreatedAt ? firings[0].Firing.Scheduled : schedule.CreatedAt;

    private async Task DecideAsync(
        DurableTaskClient client, Schedule schedule, List<StoredFiring> firings, DateTimeOffset scheduled, int missed, CancellationToken cancellationToken)
    {
        var running = firings.FirstOrDefault(stored => stored.Firing.State == FiringState.Started)?.Firing;
        var reading = PlanReader.Read(schedule.Plan.GetRawText());
        var violations = await ViolationsAsync(reading, cancellationToken);
        var (state, reason) = (violations, running, schedule.WhenRunning) switch
        {
            ({ Count: > 0 }, _, _) => (FiringState.Refused, string.Join("; ", violations.Select(violation => $"{violation.Pointer}: {violation.Message}"))),
            (_, null, _) => (FiringState.Started, null),
            (_, _, WhenRunning.Queue) => (FiringState.Queued, $"Waits for {running.Run}, which still runs."),
            _ => (FiringState.Skipped, $"{running.Run} still ran."),
        };
        var firing = new Firing
        {
            Schedule = schedule.Name,
            Scheduled = scheduled,
            Run = ScheduleTimes.Run(schedule.Name, scheduled),
            DecidedAt = clock.GetUtcNow(),
            State = state,
            Reason = reason,
            Missed = missed,
        };
        if (!await store.TryDecideAsync(firing, cancellationToken))
            return;

        foreach (var waiting in firings.Where(stored => stored.Firing.State == FiringState.Queued))
            await store.TryAdvanceAsync(waiting, waiting.Firing with { State = FiringState.Skipped, Reason = $"{firing.Run} came while it waited." }, cancellationToken);
        if (state == FiringState.Started)
            await starter.StartAsync(client, firing.Run, reading.Plan!, cancellationToken);
        await store.PruneAsync(schedule.Name, cancellationToken);
    }

    /// <summary>What keeps the plan from running: its own faults, or a price above its cap.</summary>
    private async Task<IReadOnlyList<PlanViolation>> ViolationsAsync(PlanReading reading, CancellationToken cancellationToken) =>
        reading.Plan is not { } plan ? reading.Violations
        : CostCap.Check(plan, await pricing.OfAsync(plan, cancellationToken)) is { } over ? [over]
        : [];

    private async Task<StoredFiring?> StartQueuedAsync(DurableTaskClient client, Schedule schedule, StoredFiring queued, CancellationToken cancellationToken)
    {
        if (await store.TryAdvanceAsync(queued, queued.Firing with { State = FiringState.Started, Reason = null, DecidedAt = clock.GetUtcNow() }, cancellationToken) is not { } started)
            return null;
        if (PlanReader.Read(schedule.Plan.GetRawText()).Plan is { } plan)
            await starter.StartAsync(client, queued.Firing.Run, plan, cancellationToken);
        return started;
    }

    /// <summary>Notes what a started run came to; starts one that a crash kept from starting.</summary>
    private async Task<StoredFiring?> FollowAsync(
        DurableTaskClient client, Schedule schedule, StoredFiring stored, IEnumerable<StoredFiring> earlier, CancellationToken cancellationToken)
    {
        var firing = stored.Firing;
        var instance = await client.GetInstanceAsync(firing.Run, getInputsAndOutputs: true, cancellationToken);
        if (instance is null && clock.GetUtcNow() - firing.DecidedAt < StartLimit)
        {
            if (PlanReader.Read(schedule.Plan.GetRawText()).Plan is { } plan)
                await starter.StartAsync(client, firing.Run, plan, cancellationToken);
            return null;
        }

        if (instance is { IsCompleted: false })
            return null;
        var ended = await ConcludedAsync(firing, instance, [.. earlier.Select(other => other.Firing)], cancellationToken);
        // The call first: cut off here, it is made again under the same id, and delivered once.
        if (ended.Regressions.Count > 0)
            await webhook.AnnounceAsync(client, Message(ended), cancellationToken);
        return await store.TryAdvanceAsync(stored, ended, cancellationToken);
    }

    private async Task<Firing> ConcludedAsync(Firing firing, OrchestrationMetadata? instance, List<Firing> earlier, CancellationToken cancellationToken)
    {
        var summary = instance is { RuntimeStatus: OrchestrationRuntimeStatus.Completed } ? instance.ReadOutputAs<RunSummary>() : null;
        var stored = await blobs.LookAsync(
            StorageNames.RunsContainer, StorageNames.Verdict(firing.Run), VerdictJson.Default.RunVerdict, cancellationToken);
        var unreadable = (stored as Stored<RunVerdict>.Unreadable)?.Reason;
        var ended = firing with
        {
            State = summary?.State switch
            {
                RunState.Completed when unreadable is null => FiringState.Completed,
                RunState.Canceled => FiringState.Canceled,
                _ => instance?.RuntimeStatus == OrchestrationRuntimeStatus.Terminated ? FiringState.Canceled : FiringState.Failed,
            },
            Reason = summary is { Failures.Count: > 0 } ? string.Join("; ", summary.Failures.Select(failure => failure.Text))
                : unreadable is not null ? unreadable
                : instance is null ? "The run's record is gone."
                : EngineFailure.Of(instance),
            Score = stored is Stored<RunVerdict>.Found { Value: var verdict } ? VerdictScore.Of(verdict) : null,
        };
        return Compared(ended, earlier);
    }

    private static Firing Compared(Firing ended, List<Firing> earlier)
    {
        var last = earlier.FirstOrDefault(other => other.State is FiringState.Completed or FiringState.Failed);
        if (ended.State == FiringState.Failed)
        {
            // One that failed the night before as well has been told of.
            return last is { State: FiringState.Completed }
                ? ended with { ComparedWith = last.Run, Regressions = [$"The run failed: {ended.Reason}"] }
                : ended;
        }

        var good = earlier.FirstOrDefault(other => other is { State: FiringState.Completed, Score: not null });
        return ended is { State: FiringState.Completed, Score: { } score } && good?.Score is { } before && VerdictTrend.AreComparable(before, score)
            ? ended with { ComparedWith = good.Run, Regressions = VerdictTrend.Regressions(before, score) }
            : ended;
    }

    /// <summary>The call that tells of a regression.</summary>
    internal static WebhookMessage Message(Firing firing) => new()
    {
        Id = RegressionId(firing.Run),
        Type = "schedule.regressed",
        Run = firing.Run,
        State = JsonSerializer.Serialize(firing.State, SchedulesJson.Default.FiringState).Trim('"'),
        Headline = firing.Score?.Headline,
        Schedule = firing.Schedule,
        Scheduled = firing.Scheduled,
        ComparedWith = firing.ComparedWith,
        Reasons = firing.Regressions,
    };

    /// <summary>The id of that call, and of the orchestration that makes it.</summary>
    public static string RegressionId(string run) => $"{run}:regressed";
}
