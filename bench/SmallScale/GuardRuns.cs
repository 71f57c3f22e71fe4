using Curriculum.Evaluation;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Problems;
using GpuWorker.Execution;

namespace SmallScale;

/// <summary>Trains under the guards' default settings, seed by seed, and says when each fired and when validation accuracy first fell.</summary>
/// <remarks>
/// <c>hard</c> is RLVR over the base on problems that it solves once in a hundred tries or less, validated after every iteration on easy problems, which it solves.
/// <c>curriculum</c> is SRL, then RLVR, as in samples/quick.json, validated every ten updates on problems like those trained on; <c>mixed</c> is the same, validated on easy problems as well. A fall is an accuracy below the lower end
/// of the start's 95 % interval (Wilson). A seed of <c>hard</c> ends at the fall, or with its budget, or when it starves.
/// </remarks>
internal static class GuardRuns
{
    public static int Run(string folder, string what, long budget, int first, int count, string log)
    {
        using WorkExecutor executor = new(new());
        using var lines = new StreamWriter(log) { AutoFlush = true };
        lines.WriteLine(GuardRun.Header);
        var (fallen, before, alarmed, alarms) = (0, 0, 0, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var run = new GuardRun(executor, BaseTraining.Inputs(folder), seed, Validation(what), what == "hard", lines);
            foreach (var (plan, share) in Stages(what))
                run.Train(plan, (long)(budget * share));
            alarms += run.Alarms.Count;
            alarmed += run.Alarms.Count > 0 ? 1 : 0;
            fallen += run.Fell is null ? 0 : 1;
            before += run.Fell is { } fell && run.Alarms.Count > 0 && run.Alarms[0].Iteration < fell ? 1 : 0;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{count} seeds of {what}: {alarms} alarms in {alarmed} seeds; accuracy fell in {fallen} seeds, a guard had fired at an earlier iteration in {before} of these"));
        return 0;
    }

    private static IReadOnlyList<int> Validation(string what) => what switch
    {
        "hard" => TwoDials.Easy,
        "mixed" => [.. TwoDials.Easy, TwoDials.Hard],
        _ => [TwoDials.Hard],
    };

    private static IEnumerable<(PolicyGradientPlan Plan, double Share)> Stages(string what)
    {
        var srl = new SrlPlan
        {
            ProblemsPerIteration = 4,
            MaxNewTokens = 12,
            Admission = new() { TargetGroups = 16, RefillRounds = 6 },
            Optimizer = new() { LearningRate = 4e-4 },
            CheckpointEvery = 10,
        };
        var rlvr = new RlvrPlan
        {
            ProblemsPerIteration = 16,
            Admission = new() { TargetGroups = 8, RefillRounds = 8 },
            Optimizer = new() { Matrices = OptimizerKind.Muon, MatrixLearningRate = 0.002, LearningRate = 4e-4 },
            CheckpointEvery = 10,
        };
        return what switch
        {
            // One useful group is enough for an update, and is waited for: so that it trains on what it can hardly solve, and does not starve.
            "hard" => [(rlvr with { Admission = new() { TargetGroups = 1, RefillRounds = 40 }, CheckpointEvery = 1 }, 1)],
            "curriculum" or "mixed" => [(srl, 0.4), (rlvr, 0.6)],
            _ => throw new ArgumentException($"Expected hard, curriculum or mixed, found '{what}'."),
        };
    }
}
