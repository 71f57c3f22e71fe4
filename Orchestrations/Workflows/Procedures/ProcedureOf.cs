using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Finds the procedure of work by what it is done for.</summary>
public sealed class ProcedureOf(FrozenRun frozen, IServiceProvider services)
{
    internal async Task<IProcedure> FindAsync(WorkOwner owner, CancellationToken cancellationToken) =>
        owner.Scope == WorkScope.Base ? Get<BaseProcedure>()
        : owner.Scope == WorkScope.Votes ? Get<VoteProcedure>()
        : owner.Scope == WorkScope.Audit ? Get<AuditProcedure>()
        : owner.Stage < (await frozen.PlanAsync(owner.Run, cancellationToken)).Arms.Single(arm => arm.Name == owner.Arm.Arm).Stages.Count ? Get<StageProcedure>()
        : Get<EvaluationProcedure>();

    private T Get<T>()
        where T : IProcedure => services.GetRequiredService<T>();
}
