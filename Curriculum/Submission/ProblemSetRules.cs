using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;

namespace Curriculum.Submission;

/// <summary>The rules on problem sets: what each family accepts, and that no test problem is a training problem.</summary>
internal static class ProblemSetRules
{
    /// <summary>What a family takes: its levels and how many different problems one gives, or a data set.</summary>
    private sealed record Traits(int Least, int Most, bool Dataset, Func<int, double> Capacity);

    public static void Check(RunPlan plan, PlanFindings findings)
    {
        (string At, ProblemSetPlan Set)[] sets =
        [
            ("/training", plan.Training),
            ("/evaluation/validation", plan.Evaluation.Validation),
            .. plan.Evaluation.Benchmarks.Select((benchmark, i) => ($"/evaluation/benchmarks/{i}", (ProblemSetPlan)benchmark)),
        ];
        foreach (var (at, set) in sets)
        {
            CheckFamily(at, set, findings);
            findings.Require(
                plan.Base.Pretrain is null || set.Family == TwoDials.FamilyName || !ProblemFamilies.Exists(set.Family), $"{at}/family",
                $"Expected {TwoDials.FamilyName}, the only family whose characters a pretrained base knows; found '{set.Family}'.", "/base/pretrain", "/base");
        }

        CheckDemonstrations(plan, findings);
        CheckApart(sets[0], sets[1], "every arm would be trained on the problems that pick its checkpoint", findings);
        foreach (var benchmark in sets[2..])
        {
            CheckApart(sets[0], benchmark, "every arm would be trained on its test", findings);
            CheckApart(sets[1], benchmark, "checkpoints would be picked on the test", findings);
        }
    }

    private static Traits? TraitsOf(string family) => family switch
    {
        // Two dials: operations are digits with a sign, but for the two loads, which have none.
        TwoDials.FamilyName => new(TwoDials.MinOperations, TwoDials.MaxOperations, Dataset: false, n => Math.Pow(10, n) * Math.Pow(2, n - 2)),
        RandomCalculation.FamilyName => new(1, RandomCalculation.MaxLevel, Dataset: false, _ => RandomCalculation.ProblemsPerLevel),
        Gsm8k.FamilyName or DatasetFamily.FamilyName => new(0, 0, Dataset: true, _ => double.PositiveInfinity),
        _ => null,
    };

    private static void CheckFamily(string at, ProblemSetPlan set, PlanFindings findings)
    {
        if (!ProblemFamilies.Exists(set.Family) || TraitsOf(set.Family) is not { } traits)
        {
            findings.Require(false, $"{at}/family", $"Expected a problem family, one of {string.Join(", ", ProblemFamilies.Names)}; found '{set.Family}'.");
            return;
        }

        var family = $"{at}/family";
        findings.Require(
            traits.Dataset == (set.Dataset is not null), $"{at}/dataset",
            traits.Dataset ? $"Expected the name of a blob: {set.Family} is read from a data set; found none." : $"Expected none: {set.Family} is generated; found '{set.Dataset}'.", family);
        findings.Require(traits.Dataset || set.Split == DatasetSplit.All, $"{at}/split", $"Expected all: {set.Family} is generated; found '{set.Split}'.", family);
        findings.Require(
            traits.Dataset == (set.Difficulty.Count == 0), $"{at}/difficulty",
            traits.Dataset ? $"Expected no levels: {set.Family} has none." : $"Expected at least one level from {traits.Least} to {traits.Most}, found none.", family);
        for (var i = 0; i < set.Difficulty.Count && !traits.Dataset; i++)
        {
            findings.Require(
                set.Difficulty[i] >= traits.Least && set.Difficulty[i] <= traits.Most, $"{at}/difficulty/{i}",
                $"Expected a level of {set.Family}, {traits.Least} to {traits.Most}; found {set.Difficulty[i]}.", family);
        }

        CheckCapacity(at, set, traits, findings);
    }

    // Levels are taken in turn, and no problem twice.
    private static void CheckCapacity(string at, ProblemSetPlan set, Traits traits, PlanFindings findings)
    {
        foreach (var level in set.Difficulty.Distinct().Where(level => level >= traits.Least && level <= traits.Most))
        {
            var wanted = Enumerable.Range(0, set.Difficulty.Count).Where(i => set.Difficulty[i] == level).Sum(i => (set.Count - i + set.Difficulty.Count - 1) / set.Difficulty.Count);
            findings.Require(
                wanted <= traits.Capacity(level), $"{at}/count",
                $"Expected at most {traits.Capacity(level)} problems of level {level} of {set.Family}, which has no more; a count of {set.Count} needs {wanted}.",
                $"{at}/family", $"{at}/difficulty");
        }
    }

    private static void CheckDemonstrations(RunPlan plan, PlanFindings findings)
    {
        var training = plan.Training;
        findings.Require(
            training.Demonstrations is null || training.Demonstrations <= training.Count, "/training/demonstrations",
            $"Expected at most count ({training.Count}), found {training.Demonstrations}.", "/training/count");

        for (var i = 0; i < plan.Arms.Count; i++)
        {
            for (var j = 0; j < plan.Arms[i].Stages.Count; j++)
            {
                if (!plan.Arms[i].Stages[j].NeedsDemonstrations || !findings.Sound($"/arms/{i}/stages/{j}/method"))
                    continue;

                var who = $"stage {j} of arm '{plan.Arms[i].Name}'";
                findings.Require(training.Demonstrations is not 0, "/training/demonstrations", $"Expected at least 1: {who} trains on them; found 0.");
                return;
            }
        }
    }

    private static void CheckApart((string At, ProblemSetPlan Set) first, (string At, ProblemSetPlan Set) second, string consequence, PlanFindings findings)
    {
        var (one, other) = (first.Set, second.Set);
        if (one.Family != other.Family)
            return;

        if (TraitsOf(one.Family) is { Dataset: true })
        {
            findings.Require(
                one.Dataset is null || one.Dataset != other.Dataset || (one.Split != other.Split && one.Split != DatasetSplit.All && other.Split != DatasetSplit.All),
                $"{second.At}/dataset",
                $"Expected a data set or split other than that of {first.At}, since draws from one overlap and {consequence}; found '{other.Dataset}', split '{other.Split}'.",
                $"{first.At}/dataset", $"{first.At}/family", $"{second.At}/family", $"{first.At}/split", $"{second.At}/split");
            return;
        }

        var shared = one.Difficulty.Intersect(other.Difficulty).Order().ToList();
        findings.Require(
            one.Seed != other.Seed || shared.Count == 0, $"{second.At}/seed",
            $"Expected a seed other than that of {first.At}, since both draw level {string.Join(", ", shared)} and {consequence}; found {other.Seed}.",
            $"{first.At}/seed", $"{first.At}/difficulty", $"{second.At}/difficulty", $"{first.At}/family", $"{second.At}/family");
    }
}
