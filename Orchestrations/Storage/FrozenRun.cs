using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Orchestrations.Workflows;

namespace Orchestrations.Storage;

/// <summary>What a run froze at its start, read by every activity: the plan, its hash and the problem pools.</summary>
public sealed class FrozenRun(JsonBlobs blobs)
{
    public const string TrainingPool = "training";
    public const string ValidationPool = "validation";

    public async Task<RunPlan> PlanAsync(string run, CancellationToken cancellationToken) =>
        (await RecordAsync(run, cancellationToken)).Plan;

    public Task<PlanRecord> RecordAsync(string run, CancellationToken cancellationToken) => blobs.ReadFrozenAsync(
        StorageNames.RunsContainer, StorageNames.Plan(run), OrchestrationsJson.Default.PlanRecord, cancellationToken);

    public async Task<StagePlan> StageAsync(StageKey stage, CancellationToken cancellationToken)
    {
        var plan = await PlanAsync(stage.Run, cancellationToken);
        return plan.Arms.Single(arm => arm.Name == stage.Arm).Stages[stage.Stage];
    }

    public Task<IReadOnlyList<Problem>> PoolAsync(string run, string pool, CancellationToken cancellationToken) => blobs.ReadFrozenAsync(
        StorageNames.RunsContainer, PoolName(run, pool), CurriculumJson.Default.IReadOnlyListProblem, cancellationToken);

    /// <summary>What the base's samples answered to each problem of the training pool, in its order.</summary>
    public Task<IReadOnlyList<ProblemVotes>> VotesAsync(string run, CancellationToken cancellationToken) => blobs.ReadFrozenAsync(
        StorageNames.RunsContainer, VotesName(run), CurriculumJson.Default.IReadOnlyListProblemVotes, cancellationToken);

    public static string VotesName(string run) => PoolName(run, "training-votes");

    public static string PoolName(string run, string pool) => $"{run}/pools/{pool}.json";

    public static string BenchmarkPool(string benchmark) => $"benchmarks/{benchmark}";
}
