using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;

namespace Curriculum.Submission;

/// <summary>The problems of a plan, made or drawn as every arm sees them.</summary>
/// <param name="Training">What the arms train on.</param>
/// <param name="Validation">What checkpoints are chosen by.</param>
/// <param name="Benchmarks">What is measured, by name.</param>
public sealed record PlanPools(
    IReadOnlyList<Problem> Training, IReadOnlyList<Problem> Validation, IReadOnlyList<(string Name, IReadOnlyList<Problem> Problems)> Benchmarks)
{
    /// <summary>The sets that a plan asks for: training, validation, then the benchmarks.</summary>
    public static IReadOnlyList<ProblemSetPlan> Sets(RunPlan plan) => [plan.Training, plan.Evaluation.Validation, .. plan.Evaluation.Benchmarks];

    /// <summary>Makes the pools, a pure function of the plan and its data sets.</summary>
    /// <param name="plan">A valid plan.</param>
    /// <param name="datasets">The lines of each data set that it names.</param>
    /// <exception cref="ArgumentException">A data set has faults or too few problems, pools share a problem, or a stage could not train on what there is.</exception>
    public static PlanPools Of(RunPlan plan, IReadOnlyDictionary<string, IReadOnlyList<string>> datasets)
    {
        var training = Create("/training", plan.Training, datasets);
        // Beyond the demonstrations a problem has its answer only: no stage can see an expert's steps that the plan does not grant.
        var demonstrations = plan.Training.Demonstrations ?? training.Count;
        IReadOnlyList<Problem> pool = [.. training.Select((problem, index) => index < demonstrations ? problem : problem with { Steps = [] })];
        StepTargets.Refuse(plan, pool);
        var validation = Create("/evaluation/validation", plan.Evaluation.Validation, datasets);
        IReadOnlyList<(string Name, IReadOnlyList<Problem> Problems)> benchmarks =
            [.. plan.Evaluation.Benchmarks.Select((benchmark, index) => (benchmark.Name, Create(FormattableString.Invariant($"/evaluation/benchmarks/{index}"), benchmark, datasets)))];
        PoolOverlap.Refuse([("training", training), ("validation", validation), .. benchmarks]);
        return new(pool, validation, benchmarks);
    }

    private static IReadOnlyList<Problem> Create(string pointer, ProblemSetPlan set, IReadOnlyDictionary<string, IReadOnlyList<string>> datasets)
    {
        try
        {
            var problems = ProblemFamilies.Get(set.Family).Create(set, set.Dataset is { } name ? datasets[name] : null);
            return set.Verifier is null ? problems : [.. problems.Select(problem => problem with { Verifier = set.Verifier })];
        }
        catch (ArgumentException fault)
        {
            // The runtime adds the parameter's name, which says nothing to a person.
            throw new PoolFault(pointer, fault.ParamName is { } name ? fault.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : fault.Message);
        }
    }
}
