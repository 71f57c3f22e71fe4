using Curriculum.Problems;
using Curriculum.Work;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Storage;

namespace Orchestrations.Workflows.Activities;

/// <summary>Reads the base's samples and freezes what each answered, so that no label changes while a run trains.</summary>
public sealed class FreezeVotes(JsonBlobs blobs, FrozenRun frozen, OpenWaits waits, WorkDispatch dispatch)
{
    /// <summary>Returns how many problems have a label.</summary>
    [Function(nameof(FreezeVotes))]
    public async Task<int> Run([ActivityTrigger] FreezeVotesInput input, CancellationToken cancellationToken)
    {
        var pool = await frozen.PoolAsync(input.Run, FrozenRun.TrainingPool, cancellationToken);
        var votes = new List<ProblemVotes>(pool.Count);
        foreach (var id in input.Items)
        {
            var result = await dispatch.ReadResultAsync(id, cancellationToken);
            if (result.Output is not RolloutOutput output)
                throw new InvalidDataException($"The base did not vote on labels: work item {id} failed ({result.Failure?.Kind}): {result.Failure?.Message}");
            votes.AddRange(output.Groups.Select(group => new ProblemVotes(
                group.ProblemId,
                [.. group.Trajectories.Select(trajectory => trajectory.Terminated ? ProblemFamilies.Get(pool[0].Family).Answer(trajectory.Text) : null)])));
        }

        await blobs.FreezeAsync(
            StorageNames.RunsContainer, FrozenRun.VotesName(input.Run), votes, CurriculumJson.Default.IReadOnlyListProblemVotes, cancellationToken);
        await waits.EndAsync(input.Run, input.Run, cancellationToken);
        return votes.Count(problem => problem.Answers.Any(answer => answer is not null));
    }
}

/// <summary>Input of <see cref="FreezeVotes"/>.</summary>
public sealed record FreezeVotesInput(string Run, IReadOnlyList<string> Items);
