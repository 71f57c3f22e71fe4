using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Looks at an item that no event came for: done, working, silent or still queued; sends a silent one again.</summary>
public sealed partial class InspectWork(
    JsonBlobs blobs, FrozenRun frozen, StageRecords records, WorkDispatch dispatch, TimeProvider clock, ILogger<InspectWork> log)
{
    [Function(nameof(InspectWork))]
    public async Task<InspectedWork> Run([ActivityTrigger] InspectWorkInput input, CancellationToken cancellationToken)
    {
        if (await blobs.Blob(StorageNames.WorkContainer, StorageNames.Result(input.Id)).ExistsAsync(cancellationToken))
            return new(Done: true, Redispatched: false, Silent: false, null);

        var claim = await blobs.FindAsync(
            StorageNames.WorkContainer, StorageNames.Claim(input.Id), CurriculumJson.Default.WorkClaim, cancellationToken);
        var limits = (await frozen.PlanAsync(input.Stage.Run, cancellationToken)).Limits;
        var judged = Liveness.Judge(clock.GetUtcNow(), input.DispatchedAt, claim, resultStored: false, limits, input.Silences);
        await records.WriteWaitingAsync(input.Stage, input.Id, judged.Reason, cancellationToken);
        switch (judged.Action)
        {
            case LivenessAction.Redispatch:
                LogRedispatch(input.Id, judged.Reason);
                await dispatch.ResendAsync(input.Id, input.Instance, cancellationToken);
                return new(Done: false, Redispatched: true, Silent: judged.Silent, null);
            case LivenessAction.Fail:
                return new(Done: false, Redispatched: false, Silent: true, $"Work item {input.Id}: {judged.Reason}");
            default:
                return new(Done: judged.Action == LivenessAction.Done, Redispatched: false, Silent: false, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Sending {Id} again: {Reason}")]
    private partial void LogRedispatch(string id, string reason);
}
