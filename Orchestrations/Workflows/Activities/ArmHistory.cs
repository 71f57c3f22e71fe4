using System.Runtime.InteropServices;
using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Work;
using Orchestrations.Reports;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Gathers what one arm did under one seed: its stages, its curve and its answers.</summary>
public sealed class ArmHistory(FrozenRun frozen, StageRecords records, Measured measured, WorkDispatch dispatch)
{
    public async Task<ArmSeedResult> ReadAsync(
        string run, ArmEvaluationResult evaluation, ArmResult? training, CancellationToken cancellationToken)
    {
        var stages = training?.Stages ?? [];
        var plan = await frozen.PlanAsync(run, cancellationToken);
        var unit = plan.Budget.Unit;
        var validations = await records.ReadValidationsAsync(run, evaluation.Arm, evaluation.Seed, cancellationToken);
        var curve = new List<CurvePoint>();
        var fingerprints = new SortedSet<string>(StringComparer.Ordinal);
        var compute = 0L;
        var clipped = new Dictionary<int, List<double>>();
        foreach (var stage in stages)
        {
            foreach (var record in await records.ReadIterationsAsync(stage.Stage, cancellationToken))
            {
                fingerprints.Add(record.Fingerprint);
                curve.Add(Point(record, compute, validations));
                if (plan.Arms.Single(arm => arm.Name == evaluation.Arm).Stages[record.Stage] is PolicyGradientPlan { Loss: { } loss } && loss.Epochs * loss.Minibatches > 1)
                    (CollectionsMarshal.GetValueRefOrAddDefault(clipped, record.Stage, out _) ??= []).Add(record.ClipFraction);
            }

            compute += stage.Progress.Spent(BudgetUnit.Compute);
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
            Arm = evaluation.Arm,
            Seed = evaluation.Seed,
            Stages = [.. stages.GroupBy(stage => stage.Stage.Stage).Select(attempts => Summary(attempts, unit) with
            {
                Fall = ValidationFall.Find(
                    validations.Where(point => point.Stage.Stage == attempts.Key).Select(point => (point.Stage.Attempt, point.Iteration, point.Greedy, point.Problems)),
                    plan.Evaluation.Confidence),
                ClipFraction = clipped.TryGetValue(attempts.Key, out var shares) ? shares.Average() : null,
            })],
            Compute = compute,
            ChosenCheckpoint = stages.Count == 0 ? null : NameOf(evaluation.Checkpoint, run),
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
        ArmEvaluationResult evaluation, ArmResult? training, CancellationToken cancellationToken)
    {
        var iterations = new List<IterationRecord>();
        foreach (var stage in training?.Stages ?? [])
            iterations.AddRange(await records.ReadIterationsAsync(stage.Stage, cancellationToken));
        var evaluated = new List<WorkTiming>();
        foreach (var item in evaluation.Benchmarks.SelectMany(benchmark => benchmark.Items))
            evaluated.Add((await dispatch.ReadResultAsync(item, cancellationToken)).Timing);
        var timing = new ArmTiming
        {
            Arm = evaluation.Arm,
            Seed = evaluation.Seed,
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
            var result = await dispatch.ReadResultAsync(item, cancellationToken);
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
            Updates = all.Sum(attempt => attempt.Progress.Updates),
            Compute = all.Sum(attempt => attempt.Progress.Spent(BudgetUnit.Compute)),
            Spent = all.Sum(attempt => attempt.Progress.Spent(unit)),
            ForwardTokens = all.Sum(attempt => attempt.Progress.ForwardTokens),
            TrainedTokens = all.Sum(attempt => attempt.Progress.TrainedTokens),
            Attempts = all.Count,
            RollBacks = all.Count(attempt => attempt.Progress.RollBackTo is not null && attempt.Gate is null),
            Alarms = [.. all.SelectMany(attempt => attempt.Progress.Guards.Alarms)],
            Gates = [.. all.Where(attempt => attempt.Gate is not null).Select(attempt => new GateRecord(attempt.Stage.Attempt, attempt.Gate!.Action, attempt.Gate.Reason))],
            Difficulty = last.Progress.Difficulty,
            Quarantined = all.Sum(attempt => attempt.Progress.GroupsQuarantined),
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
