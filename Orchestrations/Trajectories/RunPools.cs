using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Work;
using Orchestrations.Storage;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Trajectories;

/// <summary>A run's plan and the problems that it froze: what trajectories are read against.</summary>
internal sealed class RunPools(FrozenRun frozen, RunId run, RunPlan plan)
{
    public RunId Run => run;

    public RunPlan Plan => plan;

    /// <summary>Every arm that is evaluated, under the seeds that it is evaluated for.</summary>
    public IReadOnlyList<ArmKey> Evaluated { get; } = [.. PreparedRun.EvaluatedArms(run, plan).Select(owner => owner.Arm)];

    /// <summary>The arm's own place and its seed's, in the plan.</summary>
    public (int Arm, int Seed) PlaceOf(ArmKey arm) =>
        (plan.Arms.ToList().FindIndex(one => one.Name == arm.Arm), Math.Max(0, plan.Seeds.ToList().IndexOf(arm.Seed)));

    public Task<IReadOnlyList<Problem>> BenchmarkAsync(string benchmark, CancellationToken cancellationToken) =>
        PoolAsync(FrozenRun.BenchmarkPool(benchmark), cancellationToken);

    public Task<IReadOnlyList<Problem>> ValidationAsync(CancellationToken cancellationToken) => PoolAsync(FrozenRun.ValidationPool, cancellationToken);

    /// <summary>A problem of the training pool; null where it is none of them.</summary>
    public async Task<Problem?> TrainingAsync(string id, CancellationToken cancellationToken)
    {
        _training ??= (await PoolAsync(FrozenRun.TrainingPool, cancellationToken)).ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        return _training.GetValueOrDefault(id);
    }

    private Dictionary<string, Problem>? _training;

    private async Task<IReadOnlyList<Problem>> PoolAsync(string pool, CancellationToken cancellationToken)
    {
        try
        {
            return await frozen.PoolAsync(run, pool, cancellationToken);
        }
        catch (InvalidDataException)
        {
            // The run has not frozen its pools yet: nothing of them was sampled either.
            return [];
        }
    }
}
