using System.Collections.Frozen;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Evaluation;

/// <summary>A run's results by arm and seed, checked against the plan.</summary>
internal sealed class ResultTable
{
    private readonly FrozenDictionary<(string Arm, int Seed), ArmSeedResult> _results;
    private readonly RunPlan _plan;

    /// <exception cref="ArgumentException">A result of an unplanned arm or seed, two of one, or answers that do not fit the plan or each other.</exception>
    public ResultTable(RunPlan plan, IReadOnlyList<ArmSeedResult> results)
    {
        _plan = plan;
        foreach (var result in results)
            CheckPlanned(result);

        foreach (var twice in results.GroupBy(result => (result.Arm, result.Seed)).Where(group => group.Count() > 1))
            throw new ArgumentException($"Expected one result of arm '{twice.Key.Arm}' seed {twice.Key.Seed}, found {twice.Count()}.", nameof(results));

        foreach (var benchmark in plan.Evaluation.Benchmarks)
            CheckAnswers(benchmark, results);
        _results = results.ToFrozenDictionary(result => (result.Arm, result.Seed));
    }

    /// <summary>The seeds that an arm has or should have results for, in the plan's order; an arm without stages needs one only.</summary>
    public IReadOnlyList<int> Seeds(ArmPlan arm)
    {
        if (arm.Stages.Count > 0)
            return _plan.Seeds;

        var found = _results.Keys.Where(key => key.Arm == arm.Name).Select(key => key.Seed).Order().ToList();
        return found.Count > 0 ? found : [_plan.Seeds[0]];
    }

    public ArmSeedResult? Find(ArmPlan arm, int seed) => _results.GetValueOrDefault((arm.Name, seed));

    /// <summary>The result that stands for a training seed: its own, or the only one of an arm that is not trained; null where that failed.</summary>
    public ArmSeedResult? Usable(ArmPlan arm, int seed)
    {
        var own = arm.Stages.Count == 0 && Seeds(arm) is [var only] ? only : seed;
        return Failure(arm, own) is null ? Find(arm, own) : null;
    }

    /// <summary>Why an arm's seed counts as failed; null where it does not.</summary>
    public string? Failure(ArmPlan arm, int seed)
    {
        if (Find(arm, seed) is not { } result)
            return "Expected a result, found none.";

        foreach (var (stage, planned) in result.Stages.Zip(arm.Stages))
        {
            if (stage.Outcome == StageOutcome.Failed)
                return stage.Reason ?? "A stage failed and gave no reason.";
            if (stage.Updates == 0 && (planned.MustUpdate || stage.Outcome == StageOutcome.Completed))
                return $"The {Words.Of(stage.Method)} stage ended as {Words.Of(stage.Outcome)} without one update.";
        }

        if (result.Stages.Count < arm.Stages.Count && result.Stages.All(stage => stage.Outcome == StageOutcome.Completed))
            return $"Expected {arm.Stages.Count} stages, found {result.Stages.Count} and no outcome that says why.";

        var missing = _plan.Evaluation.Benchmarks.Select(benchmark => benchmark.Name).Except(result.Benchmarks.Select(answers => answers.Name)).ToList();
        return missing.Count == 0 ? null : $"Expected answers on every benchmark, found none on {string.Join(", ", missing)}.";
    }

    private void CheckPlanned(ArmSeedResult result)
    {
        var arm = _plan.Arms.FirstOrDefault(arm => arm.Name == result.Arm)
            ?? throw new ArgumentException($"Expected an arm of the plan, found a result of '{result.Arm}'.");
        if (arm.Stages.Count > 0 && !_plan.Seeds.Contains(result.Seed))
            throw new ArgumentException($"Expected a seed of the plan, found {result.Seed} of arm '{result.Arm}'.");
        if (result.Stages.Count > arm.Stages.Count)
            throw new ArgumentException($"Expected at most {arm.Stages.Count} stages of arm '{result.Arm}', found {result.Stages.Count}.");
    }

    private static void CheckAnswers(BenchmarkPlan benchmark, IReadOnlyList<ArmSeedResult> results)
    {
        IReadOnlyList<string>? expected = null;
        foreach (var result in results)
        {
            var named = result.Benchmarks.Where(answers => answers.Name == benchmark.Name).ToList();
            if (named.Count == 0)
                continue;

            var found = named[0].Answers.Select(answer => answer.ProblemId).ToList();
            expected ??= found;
            if (named.Count > 1 || found.Count != benchmark.Count || found.Distinct(StringComparer.Ordinal).Count() != found.Count || !found.SequenceEqual(expected))
            {
                throw new ArgumentException(
                    $"Expected arm '{result.Arm}' seed {result.Seed} to have answered the {benchmark.Count} problems of benchmark '{benchmark.Name}' once each, "
                    + $"in the same order as every other arm; found {found.Count} answers{(named.Count > 1 ? $" and {named.Count} sets of them" : "")}.");
            }
        }
    }
}
