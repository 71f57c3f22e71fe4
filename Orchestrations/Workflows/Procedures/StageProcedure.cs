using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Runs the stage machine on what is stored: reads, asks what follows, stores it, sends the work.</summary>
internal sealed class StageProcedure(
    StageStates states, StageReader reader, StageWriter writer, WorkResults results, WorkDispatch dispatch, OpenWaits waits, ControlBlob controls, RunUsage usage)
    : IProcedure
{
    public async Task<Advanced> AdvanceAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        var state = await states.ReadAsync(owner.Key, step, cancellationToken);
        while (true)
        {
            var (found, missing) = await results.ReadAsync(state.Awaited, cancellationToken);
            if (missing.Count > 0)
            {
                await dispatch.SendAgainAsync(missing, owner, cancellationToken);
                return Advanced.To(state.Step, missing);
            }

            var next = await NextAsync(state, found, cancellationToken);
            state = next.State;
            await writer.ReleaseAsync(next, cancellationToken);
            if (state.Phase == StagePhase.End)
            {
                await writer.WriteEndAsync(state, cancellationToken);
                await waits.EndAsync(owner.Run, owner.Instance, cancellationToken);
                return Advanced.Ended;
            }

            if (next.IsPaused)
            {
                await waits.WriteAsync(new() { Instance = owner.Instance, Owner = owner, Kind = WaitKind.Resume, Description = "The run is paused." }, cancellationToken);
                return new(state.Step, [Advanced.Resumed]);
            }

            var waiting = await dispatch.SendAsync(next.Work, owner, cancellationToken);
            if (waiting.Count > 0)
                return Advanced.To(state.Step, waiting);
        }
    }

    /// <summary>The next state is stored before anything is sent. Where one is there already it stands, and what it was told is told again.</summary>
    private async Task<StageStep> NextAsync(StageState state, IReadOnlyDictionary<WorkItemId, WorkResult> found, CancellationToken cancellationToken)
    {
        var machine = new StageMachine(await reader.SettingAsync(state.Key, cancellationToken));
        var readings = (await reader.ReadAsync(state, cancellationToken)) with { Results = found, Directive = await DirectiveAsync(state.Key.Run, cancellationToken) };
        var next = machine.Next(state, readings);
        await writer.WriteAsync(state, next, cancellationToken);
        if (await states.TryStoreAsync(next.State, cancellationToken))
            return next;
        var stands = await states.ReadAsync(state.Key, next.State.Step, cancellationToken);
        if (stands.Directive == readings.Directive)
            return next;
        next = machine.Next(state, readings with { Directive = stands.Directive });
        await writer.WriteAsync(state, next, cancellationToken);
        return next;
    }

    private async Task<Directive> DirectiveAsync(RunId run, CancellationToken cancellationToken)
    {
        var desired = (await controls.ReadAsync(run, cancellationToken))?.DesiredState ?? DesiredState.Run;
        return new(desired, desired == DesiredState.Run ? await usage.CapAsync(run, cancellationToken) : null);
    }
}
