using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Telemetry;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Runs the stage machine on what is stored: reads, asks what follows, stores it, sends the work.</summary>
/// <remarks>The iterations of a colocated stage are a worker's: it runs the same machine, and what it did is stored here as if it had been done here.</remarks>
internal sealed class StageProcedure(
    StageStates states, StageReader reader, StageWriter writer, WorkResults results, WorkDispatch dispatch, OpenWaits waits, ControlBlob controls, RunUsage usage)
    : IProcedure
{
    public async Task<Advanced> AdvanceAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        var state = await states.ReadAsync(owner.Key, step, cancellationToken);
        while (true)
        {
            var read = await ReadAsync(state, cancellationToken);
            var share = read.IsColocated && ColocatedShare.Begins(state) ? await reader.ShareAsync(read.Setting, state, read.Readings, cancellationToken) : null;
            var (found, missing) = await results.ReadAsync(share is null ? state.Awaited : [AwaitedResult.Of(share)], cancellationToken);
            if (missing.Count > 0 && share is null)
            {
                await dispatch.SendAgainAsync(missing, owner, state.Step, cancellationToken);
                return Advanced.To(state.Step, missing);
            }

            // Work that is neither done nor wanted any more is not begun: the machine says how the stage ends, or that it waits.
            if (missing.Count > 0 && read.Readings.Directive is { DesiredState: DesiredState.Run, Cap: null })
                return Advanced.To(state.Step, await dispatch.SendAsync([share!], owner, state.Step, areNew: false, cancellationToken));

            var (done, isNew) = share is not null && found.Values.SingleOrDefault()?.Output is ColocatedOutput output
                ? (await StoreAsync(state, await reader.DoneAsync(output, cancellationToken), cancellationToken), false)
                : await NextAsync(state, read with { Readings = read.Readings with { Results = found } }, cancellationToken);
            AppMeasurements.Ended(read.Setting.Plan.Method, done.Iterations.Where(iteration => iteration.Iteration >= state.Iteration));
            state = done.State;
            await writer.ReleaseAsync(done, cancellationToken);
            if (state.Phase == StagePhase.End)
            {
                await writer.WriteEndAsync(state, cancellationToken);
                return Advanced.Ended(state.Step);
            }

            if (done.Rests && state.Directive.DesiredState == DesiredState.Pause)
            {
                await waits.WriteAsync(new() { Instance = owner.Instance, Owner = owner, Kind = WaitKind.Resume, Step = state.Step, Description = "The run is paused." }, cancellationToken);
                return new(state.Step, IsWaiting: true);
            }

            var waiting = await dispatch.SendAsync(done.Work, owner, state.Step, isNew, cancellationToken);
            if (waiting.Count > 0)
                return Advanced.To(state.Step, waiting);
        }
    }

    /// <summary>The next state is stored before anything is sent; whoever stored it is the first to send. Where one is there already it stands, and what it was told is told again.</summary>
    private async Task<(StageStep Step, bool IsNew)> NextAsync(StageState state, StageRead read, CancellationToken cancellationToken)
    {
        var machine = new StageMachine(read.Setting);
        var next = machine.Next(state, read.Readings);
        await writer.WriteAsync(state, next, cancellationToken);
        if (await states.TryStoreAsync(next.State, cancellationToken))
            return (next, true);
        var stands = await states.ReadAsync(state.Key, next.State.Step, cancellationToken);
        if (stands.Directive == read.Readings.Directive)
            return (next, false);
        next = machine.Next(state, read.Readings with { Directive = stands.Directive });
        await writer.WriteAsync(state, next, cancellationToken);
        return (next, false);
    }

    /// <summary>Stores what a worker's iterations came to; the result is there, so that it is the same each time.</summary>
    private async Task<StageStep> StoreAsync(StageState before, StageStep done, CancellationToken cancellationToken)
    {
        await writer.WriteAsync(before, done, cancellationToken);
        await states.TryStoreAsync(done.State, cancellationToken);
        return done;
    }

    private async Task<StageRead> ReadAsync(StageState state, CancellationToken cancellationToken)
    {
        var setting = await reader.SettingAsync(state.Key, cancellationToken);
        var directive = (await DirectiveAsync(state.Key.Run, cancellationToken)) with { Rests = setting.Plan.IsColocated };
        return new(setting, (await reader.ReadAsync(state, cancellationToken)) with { Directive = directive });
    }

    private async Task<Directive> DirectiveAsync(RunId run, CancellationToken cancellationToken)
    {
        var desired = await controls.RecentAsync(run, cancellationToken);
        return new(desired, desired == DesiredState.Run ? await usage.CapAsync(run, cancellationToken) : null);
    }

    private sealed record StageRead(StageSetting Setting, StageReadings Readings)
    {
        public bool IsColocated => Setting.Plan.IsColocated;
    }
}
