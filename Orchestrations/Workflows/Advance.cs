using Curriculum.Telemetry;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;
using Orchestrations.Telemetry;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Workflows;

/// <summary>Takes one step of work: a function of what is stored, so that it may run twice.</summary>
/// <remarks>
/// Reports may have taken later steps than the orchestration knows of, where its events were late or lost or its host went down before it had written its
/// history. Steps that lie behind are not taken again, the first among them, since what they read may be gone or another; the orchestration is told how far
/// the work is.
/// </remarks>
public sealed class Advance(ProcedureOf procedures, OpenWaits waits, StageStates states, ILogger<Advance> log)
{
    [Function(nameof(Advance))]
    public async Task<Advanced> Run([ActivityTrigger] WorkCursor cursor, CancellationToken cancellationToken)
    {
        using var span = StepSpan.Start(cursor.Owner, cursor.Step);
        using var scope = log.BeginScope(SignalTags.Of(cursor.Owner));
        var advanced = await AheadAsync(cursor, cancellationToken)
            ?? await (await procedures.FindAsync(cursor.Owner, cancellationToken)).AdvanceAsync(cursor.Owner, cursor.Step, cancellationToken);
        if (advanced.HasEnded)
            await waits.EndAsync(cursor.Owner.Run, cursor.Owner.Instance, cancellationToken);
        return advanced;
    }

    private async Task<Advanced?> AheadAsync(WorkCursor cursor, CancellationToken cancellationToken)
    {
        var (owner, step) = (cursor.Owner, cursor.Step);
        if (await waits.FindAsync(owner.Run, owner.Instance, cancellationToken) is { } wait)
        {
            return wait.Kind == WaitKind.End ? Advanced.Ended(step) : wait.Step <= step ? null : new(wait.Step, IsWaiting: true);
        }

        return owner.Scope.IsArm && await states.HasEndedAsync(owner.Key, cancellationToken) ? Advanced.Ended(step) : null;
    }
}
