using Curriculum.Telemetry;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Telemetry;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Workflows;

/// <summary>Takes the step that follows once the last result of a wait is reported: the next work is on its way before the orchestration has been told.</summary>
/// <remarks>The step is the one that the orchestration would have taken, and is what it is however often it is taken.</remarks>
public sealed partial class ReportedSteps(OpenWaits waits, WorkDispatch dispatch, ProcedureOf procedures, ILogger<ReportedSteps> log)
{
    private const int Stripes = 64;

    /// <summary>Reports of one wait one after another: of two that come together only one finds the wait complete and open.</summary>
    private readonly SemaphoreSlim[] _turns = [.. Enumerable.Range(0, Stripes).Select(_ => new SemaphoreSlim(1))];

    /// <summary>What its orchestration has to be told; null where the work goes on without it, or results are missing still.</summary>
    public async Task<Due?> TakeAsync(ResultMessage result, CancellationToken cancellationToken)
    {
        var turn = _turns[(uint)StringComparer.Ordinal.GetHashCode(result.Instance) % Stripes];
        await turn.WaitAsync(cancellationToken);
        try
        {
            return await waits.FindAsync(result.Id.Run, result.Instance, cancellationToken) is { Kind: WaitKind.Results } wait && await IsCompleteAsync(wait, result.Id, cancellationToken)
                ? await TakeAsync(wait, result, cancellationToken)
                : null;
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<Due?> TakeAsync(OpenWait wait, ResultMessage result, CancellationToken cancellationToken)
    {
        using var span = StepSpan.Start(wait.Owner, wait.Step, wait.TraceParent, result.TraceParent);
        using var scope = log.BeginScope(SignalTags.Of(wait.Owner));
        try
        {
            var procedure = await procedures.FindAsync(wait.Owner, cancellationToken);
            Advanced advanced = new(wait.Step, IsWaiting: false);
            while (advanced is { IsWaiting: false, HasEnded: false })
                advanced = await procedure.AdvanceAsync(wait.Owner, advanced.Step, cancellationToken);
            return advanced.HasEnded ? new(advanced.Step, HasEnded: true) : null;
        }
        catch (Exception fault) when (!cancellationToken.IsCancellationRequested)
        {
            // Its orchestration takes the step, tries again, and says in the end why it cannot.
            span.Fail(fault.Message);
            LogLeft(fault, result.Instance);
            return new(wait.Step);
        }
    }

    /// <summary>Whether all results are there; the one that was reported is.</summary>
    private async Task<bool> IsCompleteAsync(OpenWait wait, WorkItemId reported, CancellationToken cancellationToken)
    {
        if (wait.Items.All(item => item.Id != reported))
            return false;
        if (wait.Items.Count == 1)
            return true;
        var there = await dispatch.StoredAsync([.. wait.Items.Select(item => item.Id)], cancellationToken);
        return wait.Items.All(item => there.ContainsKey(StorageNames.Result(item.Id)));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The step of {Instance} that follows is left to its orchestration")]
    private partial void LogLeft(Exception fault, string instance);
}
