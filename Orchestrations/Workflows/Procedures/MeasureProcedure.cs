using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Work that is planned, waited for and recorded, in as many steps as it has.</summary>
internal abstract class MeasureProcedure(WorkResults results, WorkDispatch dispatch) : IProcedure
{
    public async Task<Advanced> AdvanceAsync(WorkOwner owner, int step, CancellationToken cancellationToken)
    {
        if (step > 0 && await PlanAsync(owner, step - 1, cancellationToken) is { } before)
        {
            var (_, missing) = await results.ReadAsync([.. before.Select(AwaitedResult.Of)], cancellationToken);
            if (missing.Count > 0)
            {
                await dispatch.SendAgainAsync(missing, owner, step, cancellationToken);
                return Advanced.To(step, missing);
            }
        }

        if (await PlanAsync(owner, step, cancellationToken) is { } items)
            return Advanced.To(step + 1, await dispatch.SendAsync(items, owner, step + 1, areNew: false, cancellationToken));
        await RecordAsync(owner, cancellationToken);
        return Advanced.Ended(step);
    }

    /// <summary>The work of a step, a function of what is stored; null where no step is left.</summary>
    protected abstract Task<IReadOnlyList<WorkItem>?> PlanAsync(WorkOwner owner, int step, CancellationToken cancellationToken);

    /// <summary>Keeps what came of it, once all is there.</summary>
    protected abstract Task RecordAsync(WorkOwner owner, CancellationToken cancellationToken);
}
