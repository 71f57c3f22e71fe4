using System.Text;
using Curriculum.Evaluation;
using Curriculum.Training;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Reports;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Concludes a run: verdict.json (deterministic), run.json (times), report.html.</summary>
internal sealed class Conclude(
    JsonBlobs blobs, FrozenRun frozen, BaseModels models, StageStates states, ArmHistory histories, Measured measured, TestAccessLog accesses, RunUsage usage,
    ControlBlob control, TimeProvider clock, ILogger<Conclude> log)
{
    [Function(nameof(Conclude))]
    public async Task<RunSummary> Run([ActivityTrigger] RunId run, CancellationToken cancellationToken)
    {
        var record = await frozen.RecordAsync(run, cancellationToken);
        var start = await models.ReadAsync(run, cancellationToken);
        var audited = await blobs.ReadAsync(StorageNames.RunsContainer, AuditedBase.Blob(run), StorageJson.Default.AuditedBase, cancellationToken);
        var results = new List<ArmSeedResult>();
        var timings = new List<ArmTiming>();
        var evaluations = new List<ArmEvaluation>();
        var workers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var arm in PreparedRun.EvaluatedArms(run, record.Plan).Select(owner => owner.Arm))
        {
            var evaluation = await blobs.ReadAsync(StorageNames.RunsContainer, ArmEvaluation.Blob(arm), StorageJson.Default.ArmEvaluation, cancellationToken);
            var course = ArmCourse.Of(arm, record.Plan, start, await states.EndsAsync(arm, cancellationToken));
            evaluations.Add(evaluation);
            results.Add(await histories.ReadAsync(evaluation, course, cancellationToken));
            var time = await histories.TimeAsync(evaluation, course, cancellationToken);
            timings.Add(time.Timing);
            workers.UnionWith(time.Workers);
        }

        var verdict = VerdictWriter.Conclude(record.Plan, record.PlanHash, results, await measured.OfBaseAsync(run, audited, cancellationToken));
        await blobs.FreezeAsync(StorageNames.RunsContainer, StorageNames.Verdict(run), verdict, VerdictJson.Default.RunVerdict, cancellationToken);
        var took = new RunRecord
        {
            Run = run,
            PlanHash = record.PlanHash,
            SubmittedAt = record.SubmittedAt,
            StartedAt = await usage.BeganAsync(run, cancellationToken),
            ConcludedAt = clock.GetUtcNow(),
            Arms = timings,
            Workers = [.. workers],
            TestAccess = await accesses.ReadAsync(run, record.Plan, audited, evaluations, cancellationToken),
        };
        await blobs.WriteAsync(StorageNames.RunsContainer, StorageNames.RunRecord(run), took, WorkflowsJson.Default.RunRecord, cancellationToken);
        var page = ReportPage.Render(Report(record, verdict, results, took));
        await blobs.WriteAsync(
            StorageNames.RunsContainer, StorageNames.Report(run), Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8", cancellationToken);
        var state = await StateAsync(run, verdict, cancellationToken);
        if (state == RunState.Failed)
            log.RunFailed(run, string.Join("; ", Failures(verdict).Select(failure => failure.Text)));
        return state == RunState.Canceled
            ? new(run, state, "Canceled: its arms were stopped where they stood, and the verdict is of what they had reached.", [])
            : new(run, state, verdict.Headline, Failures(verdict)) { Decision = Overall(verdict.Comparisons) };
    }

    private static RunReport Report(PlanRecord record, RunVerdict verdict, IEnumerable<ArmSeedResult> results, RunRecord run) => new()
    {
        RunId = record.Run,
        Plan = record.Plan,
        Verdict = verdict,
        Curves = [.. results.Where(result => result.Curve.Count > 0).Select(result => new ArmCurve(result.Arm, result.Seed, result.Curve))],
        Timings = run.Arms,
        WallClockSeconds = (run.ConcludedAt - run.SubmittedAt).TotalSeconds,
        ConcludedAt = run.ConcludedAt,
    };

    private async Task<RunState> StateAsync(string run, RunVerdict verdict, CancellationToken cancellationToken)
    {
        var asked = await control.ReadAsync(run, cancellationToken);
        return asked is { DesiredState: DesiredState.Cancel } ? RunState.Canceled : Failures(verdict).Count > 0 ? RunState.Failed : RunState.Completed;
    }

    /// <summary>A win is over every arm; a loss to one is a loss.</summary>
    private static Decision? Overall(IReadOnlyList<Comparison> comparisons) =>
        comparisons.Count == 0 ? null
        : comparisons.Any(comparison => comparison.Decision == Decision.Loses) ? Decision.Loses
        : comparisons.All(comparison => comparison.Decision == Decision.Wins) ? Decision.Wins
        : Decision.Undecided;

    private static IReadOnlyList<RunFailure> Failures(RunVerdict verdict) =>
    [
        .. verdict.Failure is { } failure ? (RunFailure[])[new(FailureKind.NoArmTrained, failure)] : [],
        .. verdict.FailedArms.Select(arm => new RunFailure(FailureKind.Arm, arm)),
    ];
}
