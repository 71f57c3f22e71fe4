using System.Text;
using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Reports;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Concludes a run: verdict.json (deterministic), run.json (times), report.html.</summary>
public sealed class Conclude(JsonBlobs blobs, FrozenRun frozen, ArmHistory histories, Measured measured, TestAccessLog accesses, TimeProvider clock, ILogger<Conclude> log)
{
    [Function(nameof(Conclude))]
    public async Task<RunSummary> Run([ActivityTrigger] ConcludeInput input, CancellationToken cancellationToken)
    {
        var record = await frozen.RecordAsync(input.Run, cancellationToken);
        var results = new List<ArmSeedResult>();
        var timings = new List<ArmTiming>();
        var workers = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var evaluation in input.Evaluations)
        {
            var training = input.Arms.FirstOrDefault(arm => arm.Arm == evaluation.Arm && arm.Seed == evaluation.Seed);
            results.Add(await histories.ReadAsync(input.Run, evaluation, training, cancellationToken));
            var time = await histories.TimeAsync(evaluation, training, cancellationToken);
            timings.Add(time.Timing);
            workers.UnionWith(time.Workers);
        }

        var verdict = VerdictWriter.Conclude(
            record.Plan, record.PlanHash, results, await measured.OfBaseAsync(input.Run, input.Audited, cancellationToken));
        await blobs.FreezeAsync(
            StorageNames.RunsContainer, StorageNames.Verdict(input.Run), verdict, VerdictJson.Default.RunVerdict, cancellationToken);
        var run = new RunRecord
        {
            Run = input.Run,
            PlanHash = record.PlanHash,
            SubmittedAt = record.SubmittedAt,
            StartedAt = input.StartedAt,
            ConcludedAt = clock.GetUtcNow(),
            Arms = timings,
            Workers = [.. workers],
            TestAccess = await accesses.ReadAsync(input.Run, record.Plan, input.Audited, input.Evaluations, cancellationToken),
        };
        await blobs.WriteAsync(
            StorageNames.RunsContainer, StorageNames.RunRecord(input.Run), run, OrchestrationsJson.Default.RunRecord, cancellationToken);
        var page = ReportPage.Render(Report(record, verdict, results, run));
        await blobs.WriteAsync(
            StorageNames.RunsContainer, StorageNames.Report(input.Run), Encoding.UTF8.GetBytes(page), "text/html; charset=utf-8", cancellationToken);
        var state = await StateAsync(input.Run, verdict, cancellationToken);
        if (state == RunState.Failed)
            log.RunFailed(input.Run, string.Join("; ", Failures(verdict).Select(failure => failure.Text)));
        return state == RunState.Canceled
            ? new(input.Run, state, "Canceled: its arms were stopped where they stood, and the verdict is of what they had reached.", [])
            : new(input.Run, state, verdict.Headline, Failures(verdict));
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
        var control = await blobs.FindAsync(
            StorageNames.RunsContainer, StorageNames.Control(run), CurriculumJson.Default.RunControl, cancellationToken);
        return control is { Wish: RunWish.Cancel } ? RunState.Canceled : Failures(verdict).Count > 0 ? RunState.Failed : RunState.Completed;
    }

    private static IReadOnlyList<RunFailure> Failures(RunVerdict verdict) =>
    [
        .. verdict.Failure is { } failure ? (RunFailure[])[new(FailureKind.NoArmTrained, failure)] : [],
        .. verdict.FailedArms.Select(arm => new RunFailure(FailureKind.Arm, arm)),
    ];
}

/// <summary>Input of <see cref="Conclude"/>.</summary>
public sealed record ConcludeInput(
    string Run, DateTimeOffset StartedAt, IReadOnlyList<ArmResult> Arms, IReadOnlyList<ArmEvaluationResult> Evaluations, AuditedBase Audited);
