using System.Runtime.InteropServices;
using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Reports;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Gathers what one arm did under one seed: its stages, its curve and its answers.</summary>
internal sealed class ArmHistory(FrozenRun frozen, IterationRecords iterationRecords, StageRecords records, Measured measured, WorkResults results)
{
    public async Task<ArmSeedResult> ReadAsync(ArmEvaluation evaluation, ArmCourse course, CancellationToken cancellationToken)
    {
        var (arm, stages) = (evaluation.Arm, course.Finished);
        var plan = await frozen.PlanAsync(arm.Run, cancellationToken);
        var (planned, unit) = (plan.Arms.Single(one => one.Name == arm.Arm), plan.Budget.Unit);
        var validations = await records.ReadValidationsAsync(arm, cancellationToken);
        var curve = new List<CurvePoint>();
        var fingerprints = new SortedSet<string>(StringComparer.Ordinal);
        var compute = 0L;
        var clipped = new Dictionary<int, List<double>>();
        foreach (var stage in stages)
        {
            foreach (var record in await iterationRecords.ReadAsync(stage.End.Key, cancellationToken))
            {
                fingerprints.Add(record.Fingerprint);
                curve.Add(Point(record, compute, validations));
                if (planned.Stages[record.Stage] is PolicyGradientPlan { Loss: { } loss } && loss.Epochs * loss.Minibatches > 1)
                    (CollectionsMarshal.GetValueRefOrAddDefault(clipped, record.Stage, out _) ??= []).Add(record.ClipFraction);
            }

            compute += stage.End.Ledger.Spent(BudgetUnit.Compute);
        }

        var benchmarks = new List<BenchmarkAnswers>();
        foreach (var benchmark in evaluation.Benchmarks)
        {
            if (await AnswersAsync(benchmark, fingerprints, cancellationToken) is { } answers)
                benchmarks.Add(new() { Name = benchmark.Benchmark, Answers = answers });
        }

        var (probe, failure) = await measured.OfPolicyAsync(evaluation.Probe, fingerprints, cancellationToken);
        return new()
        {
            Arm = arm.Arm,
            Seed = arm.Seed,
            Stages = [.. stages.GroupBy(stage => stage.End.Key.Stage).Select(attempts => Summary(attempts, unit) with
            {
                Fall = ValidationFall.Find(
                    validations.Where(point => point.Stage.Stage == attempts.Key).Select(point => (point.Stage.Attempt, point.Iteration, point.Greedy, point.Problems)),
                    plan.Evaluation.Confidence),
                ClipFraction = clipped.TryGetValue(attempts.Key, out var shares) ? shares.Average() : null,
            })],
            Compute = compute,
            ChosenCheckpoint = stages.Count == 0 ? null : NameOf(evaluation.Checkpoint, arm.Run),
            ValidationAccuracy = evaluation.ValidationAccuracy,
            Benchmarks = benchmarks,
            Probe = probe,
            ProbeFailure = failure,
            Fingerprints = [.. fingerprints],
            Curve = curve,
        };
    }

    /// <summary>Where the workers' time went; validation is not counted.</summary>
    internal async Task<(ArmTiming Timing, IEnumerable<string> Workers)> TimeAsync(
        ArmEvaluation evaluation, ArmCourse course, CancellationToken cancellationToken)
    {
        var iterations = new List<IterationRecord>();
        foreach (var stage in course.Finished)
            iterations.AddRange(await iterationRecords.ReadAsync(stage.End.Key, cancellationToken));
        var evaluated = new List<WorkTiming>();
        foreach (var item in evaluation.Benchmarks.SelectMany(benchmark => benchmark.Items))
            evaluated.Add((await results.ReadAsync(item, cancellationToken)).Timing);
        var timing = new ArmTiming
        {
            Arm = evaluation.Arm.Arm,
            Seed = evaluation.Arm.Seed,
            Work =
            [
                new(WorkKind.Rollout, iterations.Sum(iteration => iteration.RolloutItems), iterations.Sum(iteration => iteration.RolloutSeconds), iterations.Sum(iteration => iteration.RolloutTokens)),
                new(WorkKind.Update, iterations.Count, iterations.Sum(iteration => iteration.UpdateSeconds), iterations.Sum(iteration => iteration.TrainedTokens)),
                new(WorkKind.Evaluate, evaluated.Count, evaluated.Sum(item => item.Seconds), 0),
            ],
        };
        return (timing, evaluated.Select(item => item.Worker));
    }

    /// <summary>The answers in the order of the problems; null where an item has none.</summary>
    private async Task<IReadOnlyList<ProblemAnswers>?> AnswersAsync(
        BenchmarkItems benchmark, SortedSet<string> fingerprints, CancellationToken cancellationToken)
    {
        var answers = new List<ProblemAnswers>();
        foreach (var item in benchmark.Items)
        {
            var result = await results.ReadAsync(item, cancellationToken);
            if (result.Output is not EvaluateOutput output)
                return null;
            fingerprints.Add(result.Fingerprint);
            answers.AddRange(output.Answers);
        }

        return answers;
    }

    private static StageSummary Summary(IEnumerable<FinishedStage> attempts, BudgetUnit unit)
    {
        var all = attempts.ToList();
        var last = all[^1];
        return new()
        {
            Method = last.Method,
            Outcome = last.Outcome,
            Reason = last.Reason,
            Updates = all.Sum(attempt => attempt.End.Ledger.Updates),
            Compute = all.Sum(attempt => attempt.End.Ledger.Spent(BudgetUnit.Compute)),
            Spent = all.Sum(attempt => attempt.End.Ledger.Spent(unit)),
            ForwardTokens = all.Sum(attempt => attempt.End.Ledger.ForwardTokens),
            TrainedTokens = all.Sum(attempt => attempt.End.Ledger.TrainedTokens),
            Attempts = all.Count,
            RollBacks = all.Count(attempt => attempt.End.RollBackTo is not null && attempt.Gate is null),
            Alarms = [.. all.SelectMany(attempt => attempt.End.Guards.Alarms)],
            Gates = [.. all.Where(attempt => attempt.Gate is not null).Select(attempt => new GateRecord(attempt.End.Key.Attempt, attempt.Gate!.Action, attempt.Gate.Reason))],
            Difficulty = last.End.Difficulty,
            Quarantined = all.Sum(attempt => attempt.End.GroupsQuarantined),
        };
    }

    private static CurvePoint Point(IterationRecord record, long before, IReadOnlyList<ValidatedCheckpoint> validations) => new()
    {
        Stage = record.Stage,
        Update = record.Updates,
        Iteration = record.Iteration,
        Compute = before + record.Compute,
        MeanReward = record.MeanReward,
        UsefulGroups = record.GroupsSampled is > 0 ? record.GroupsAdmitted / (double)record.GroupsSampled : null,
        Loss = record.Loss,
        Entropy = record.Entropy,
        GradientNorm = record.GradientNorm,
        MeanTokens = record.MeanTokens,
        ValidationGreedy = validations.FirstOrDefault(point =>
            point.Stage.Stage == record.Stage && point.Stage.Attempt == record.Attempt && point.Updates == record.Updates)?.Greedy,
        Seconds = record.RolloutSeconds + record.UpdateSeconds,
    };

    /// <summary>The checkpoint's folder without the run, so that two runs of one plan name it alike.</summary>
    private static string NameOf(StateRef state, string run) =>
        state.Folder.StartsWith($"{run}/", StringComparison.Ordinal) ? state.Folder[(run.Length + 1)..] : state.Folder;
}
