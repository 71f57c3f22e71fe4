using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Imports or pretrains the run's base, unless it has one already.</summary>
internal sealed class BaseProcedure(FrozenRun frozen, BaseModels models, WorkResults results, WorkDispatch dispatch)
    : MeasureProcedure(results, dispatch)
{
    private readonly WorkResults _results = results;

    protected override async Task<IReadOnlyList<WorkItem>?> PlanAsync(WorkOwner owner, int step, CancellationToken cancellationToken) =>
        step > 0 ? null
        : await models.FindAsync(BaseModels.Folder(owner.Run), cancellationToken) is not null ? []
        : [BaseModels.WorkOf(owner.Run, await frozen.PlanAsync(owner.Run, cancellationToken))];

    protected override async Task RecordAsync(WorkOwner owner, CancellationToken cancellationToken)
    {
        if (await models.FindAsync(BaseModels.Folder(owner.Run), cancellationToken) is not null)
            return;
        var result = await _results.ReadAsync(BaseModels.Item(owner.Run, await frozen.PlanAsync(owner.Run, cancellationToken)), cancellationToken);
        throw new InvalidDataException($"There is no base to begin with ({result.Failure?.Kind}): {result.Failure?.Message}");
    }
}
