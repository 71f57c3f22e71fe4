using Curriculum.Stages;
using Curriculum.Training;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;
using Orchestrations.Workflows.Procedures;

namespace Orchestrations.Workflows.Activities;

/// <summary>Ends an attempt at a stage that broke off: at its newest state, as failed, with the reason.</summary>
public sealed class FailStage(StageStates states, StageWriter writer)
{
    [Function(nameof(FailStage))]
    public async Task Run([ActivityTrigger] StageFailure failure, CancellationToken cancellationToken)
    {
        var newest = await states.NewestAsync(failure.Stage, cancellationToken);
        await writer.WriteEndAsync(newest.End(StageOutcome.Failed, failure.Reason) with { Phase = StagePhase.End }, cancellationToken);
    }
}

/// <summary>Why an attempt at a stage broke off.</summary>
public sealed record StageFailure(StageKey Stage, string Reason);
