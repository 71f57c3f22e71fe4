using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Stores how an attempt at a stage ended: what a later run goes on from.</summary>
public sealed class RecordStage(StagePoints points)
{
    [Function(nameof(RecordStage))]
    public async Task<bool> Run([ActivityTrigger] RecordStageInput input, CancellationToken cancellationToken)
    {
        await points.WriteEndAsync(input.Stage, input.Progress, cancellationToken);
        return true;
    }
}

/// <summary>Input of <see cref="RecordStage"/>.</summary>
public sealed record RecordStageInput(StageKey Stage, StageProgress Progress);
