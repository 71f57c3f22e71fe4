using Curriculum.Work;

namespace Orchestrations.Workflows.Procedures;

/// <summary>Work in steps: what is planned, what it waits for, and what is recorded of it.</summary>
internal interface IProcedure
{
    /// <summary>Takes a step; taken twice, it comes to the same.</summary>
    Task<Advanced> AdvanceAsync(WorkOwner owner, int step, CancellationToken cancellationToken);
}
