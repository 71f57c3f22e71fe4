using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Gathers what was measured of a run's attempts, those that go on included.</summary>
public sealed class MetricsReader(BaseModels models, StageStates states, StageRecords records, IterationRecords iterations)
{
    public async Task<RunMetrics> ReadAsync(RunId run, RunPlan plan, string? arm, int? seed, int most, CancellationToken cancellationToken)
    {
        var found = new List<AttemptMetrics>();
        if (await models.FindAsync(BaseModels.Folder(run), cancellationToken) is not { } start)
            return new() { Attempts = found };
        var keys = plan.Arms.Where(one => one.Stages.Count > 0 && (arm is null || one.Name == arm))
            .SelectMany(one => plan.Seeds.Where(number => seed is null || number == seed).Select(number => new ArmKey(run, one.Name, number))).ToList();
        var read = new IReadOnlyList<AttemptMetrics>[keys.Count];
        await Parallel.ForAsync(0, keys.Count, new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellationToken }, async (at, token) =>
            read[at] = await OfArmAsync(keys[at], plan, start, most, token));
        return new() { Attempts = [.. read.SelectMany(attempts => attempts)] };
    }

    private async Task<IReadOnlyList<AttemptMetrics>> OfArmAsync(ArmKey arm, RunPlan plan, StateRef start, int most, CancellationToken cancellationToken)
    {
        var planned = plan.Arms.Single(one => one.Name == arm.Arm);
        var course = ArmCourse.Of(arm, plan, start, await states.EndsAsync(arm, cancellationToken));
        var validations = await records.ReadValidationsAsync(arm, cancellationToken);
        var attempts = new List<AttemptMetrics>();
        foreach (var finished in course.Finished)
        {
            attempts.Add(await OfAttemptAsync(finished.End.Key, hasEnded: true) with
            {
                Method = finished.Method,
                Updates = finished.End.Ledger.Updates,
                Compute = finished.End.Ledger.Spent(BudgetUnit.Compute),
                Outcome = finished.Outcome,
                Reason = finished.Reason,
                Gate = finished.Gate?.Action,
                GateReason = finished.Gate?.Reason,
                Alarms = finished.End.Guards.Alarms,
            });
        }

        if (course.Next is { } next && await OfAttemptAsync(next.Key, hasEnded: false) is { Lines.Count: > 0 } open)
            attempts.Add(open);
        return attempts;

        async Task<AttemptMetrics> OfAttemptAsync(StageKey key, bool hasEnded)
        {
            var done = await iterations.ReadAgainAsync(key, hasEnded, cancellationToken);
            return new()
            {
                Arm = arm.Arm,
                Seed = arm.Seed,
                Stage = key.Stage,
                Attempt = key.Attempt,
                Method = planned.Stages[key.Stage].Method,
                Iterations = done.Count,
                Updates = done.Count > 0 ? done[^1].Updates : 0,
                Compute = done.Count > 0 ? done[^1].Compute : 0,
                Alarms = [.. done.SelectMany(record => record.Alarms ?? (IReadOnlyList<GuardAlarm>)[])],
                Lines = MetricLines.Of(done, [.. validations.Where(point => point.Stage == key)], most),
            };
        }
    }
}
