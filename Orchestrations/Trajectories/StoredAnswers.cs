using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary>The answers to validation sets and benchmarks, as evaluation stored them.</summary>
internal sealed class StoredAnswers(JsonBlobs blobs)
{
    /// <summary>Null where the arm has not been evaluated.</summary>
    public Task<ArmEvaluation?> EvaluationAsync(ArmKey arm, CancellationToken cancellationToken) =>
        blobs.FindAsync(StorageNames.RunsContainer, ArmEvaluation.Blob(arm), StorageJson.Default.ArmEvaluation, cancellationToken);

    /// <summary>In the order of the item's problems; none where the item has no result, or it is gone.</summary>
    public async Task<IReadOnlyList<ProblemAnswers>> OfAsync(WorkItemId item, CancellationToken cancellationToken) =>
        await blobs.LookAsync(
            StorageNames.WorkContainer, StorageNames.Result(item), CurriculumJson.Default.WorkResult, cancellationToken) is Stored<WorkResult>.Found { Value.Output: EvaluateOutput output }
            ? output.Answers
            : [];

    /// <summary>All of an arm's answers to a benchmark; none where some are gone.</summary>
    public async Task<IReadOnlyList<ProblemAnswers>> OfAsync(ArmKey arm, string benchmark, CancellationToken cancellationToken)
    {
        if ((await EvaluationAsync(arm, cancellationToken))?.Benchmarks.FirstOrDefault(one => one.Benchmark == benchmark) is not { } evaluated)
            return [];
        var answers = new List<ProblemAnswers>();
        foreach (var item in evaluated.Items)
        {
            var part = await OfAsync(item, cancellationToken);
            if (part.Count == 0)
                return [];
            answers.AddRange(part);
        }

        return answers;
    }
}
