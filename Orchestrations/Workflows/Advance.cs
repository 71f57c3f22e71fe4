using Microsoft.Azure.Functions.Worker;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Workflows;

/// <summary>Takes one step of work: a function of what is stored, so that it may run twice.</summary>
public sealed class Advance(ProcedureOf procedures)
{
    [Function(nameof(Advance))]
    public async Task<Advanced> Run([ActivityTrigger] WorkCursor cursor, CancellationToken cancellationToken) =>
        await (await procedures.FindAsync(cursor.Owner, cancellationToken)).AdvanceAsync(cursor.Owner, cursor.Step, cancellationToken);
}
