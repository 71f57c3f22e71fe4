using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Execution;

namespace SmallScale;

/// <summary>Trains under the guards' default settings, seed by seed, and says when each fired and when validation accuracy first fell.</summary>
/// <remarks>
/// <c>hard</c> is RLVR over the base on problems that it solves once in a hundred tries or less, validated after every iteration on easy problems, which it solves.
/// <c>curriculum</c> is SRL, then RLVR, as in bench/plans/quick.json, validated every ten updates on problems like those trained on; <c>mixed</c> is the same,
/// validated on easy problems as well. A fall is an accuracy below the lower end
/// of the start's 95 % interval (Wilson). A seed of <c>hard</c> ends at the fall, or with its budget, or when it starves.
/// </remarks>
internal static class GuardRuns
{
    private const string Header = "seed,stage,iteration,spent,sampled,admitted,lone,reward,formed,tokens,ngram,block,skipped,rewarded,bare,validation";

    private const int ValidationProblems = 128;

    public static int Run(string folder, string what, long budget, int first, int count, string log)
    {
        using WorkExecutor executor = new(new());
        using var lines = new StreamWriter(log) { AutoFlush = true };
        lines.WriteLine(Header);
        var (fallen, before, alarmed, alarms) = (0, 0, 0, 0);
        for (var seed = first; seed < first + count; seed++)
        {
            var (fell, fired) = Train(executor, folder, what, budget, seed, lines);
            alarms += fired.Count;
            alarmed += fired.Count > 0 ? 1 : 0;
            fallen += fell is null ? 0 : 1;
            before += fell is { } at && fired.Count > 0 && fired[0] < at ? 1 : 0;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{count} seeds of {what}: {alarms} alarms in {alarmed} seeds; accuracy fell in {fallen} seeds, a guard had fired at an earlier iteration in {before} of these"));
        return 0;
    }

    /// <summary>The iteration after which accuracy had fallen, where it did, and those of the alarms.</summary>
    private static (int? Fell, IReadOnlyList<int> Alarms) Train(WorkExecutor executor, string folder, string what, long budget, int seed, StreamWriter lines)
    {
        var validation = new ProblemSetPlan { Family = TwoDials.FamilyName, Count = ValidationProblems, Seed = 50_000 + seed, Difficulty = Levels(what) };
        var arm = new LocalArm(executor, BaseTraining.Inputs(folder), Stages(what), budget, seed, training: 40_000 + seed, validation);
        var (least, alarms) = ((double?)null, new List<int>());
        int? fell = null;
        // Where nothing but the fall is looked for, the stage ends at it.
        foreach (var step in arm.Run(_ => fell is not null && what == "hard" ? new(DesiredState.Cancel) : new()))
        {
            var state = step.State;
            foreach (var validated in step.Validations)
            {
                least ??= Wilson.Interval(validated.Solved.Count, validated.Problems, 0.95).Low;
                if (validated.Updates > 0 && validated.Greedy < least)
                    fell ??= validated.Iteration;
            }

            if (step.Iterations.Count > 0 || step.Validations.Count > 0)
                lines.WriteLine(Line(seed, step));
            if (state.Phase != StagePhase.End)
                continue;
            alarms.AddRange(state.Guards.Alarms.Select(alarm => alarm.Iteration));
            Console.WriteLine(FormattableString.Invariant(
                $"seed {seed} stage {state.Key.Stage}: {Words.Of(state.Outcome!.Value)}, {state.Ledger.Updates} updates, {state.Ledger.Spent(BudgetUnit.Compute)} units; {(fell is { } at ? $"fell at iteration {at}" : "no fall seen")}; alarms: {(state.Guards.Alarms.Count == 0 ? "none" : string.Join(" | ", state.Guards.Alarms.Select(alarm => $"{alarm.Iteration} {alarm.Message}")))}"));
        }

        return (fell, alarms);
    }

    private static string Line(int seed, StageStep step)
    {
        var (record, validated) = (step.Iterations is [.., var newest] ? newest : null, step.Validations is [.., var point] ? point : null);
        var text = record?.Text;
        return FormattableString.Invariant(
            $"{seed},{step.State.Key.Stage},{step.State.Iteration - 1},{step.State.Ledger.Spent(BudgetUnit.Compute)},{record?.GroupsSampled},{record?.GroupsAdmitted},{record?.LoneSuccesses},{record?.MeanReward:F4},{record?.WellFormed:F3},{text?.MeanTokens:F2},{text?.NgramRepetition:F4},{text?.BlockRepetition:F3},{text?.Skipped:F3},{text?.RewardedSkipped:F3},{text?.BareAnswers:F3},{validated?.Greedy:F4}");
    }

    private static IReadOnlyList<int> Levels(string what) => what switch
    {
        "hard" => TwoDials.Easy,
        "mixed" => [.. TwoDials.Easy, TwoDials.Hard],
        _ => [TwoDials.Hard],
    };

    private static IReadOnlyList<StagePlan> Stages(string what)
    {
        var srl = new SrlPlan
        {
            Share = 0.4,
            ProblemsPerIteration = 4,
            MaxNewTokens = 12,
            Admission = new() { TargetGroups = 16, RefillRounds = 6 },
            Optimizer = new() { LearningRate = 4e-4 },
            CheckpointEvery = 10,
        };
        var rlvr = new RlvrPlan
        {
            Share = 0.6,
            ProblemsPerIteration = 16,
            Admission = new() { TargetGroups = 8, RefillRounds = 8 },
            Optimizer = new() { Matrices = OptimizerKind.Muon, MatrixLearningRate = 0.002, LearningRate = 4e-4 },
            CheckpointEvery = 10,
        };
        return what switch
        {
            // One useful group is enough for an update, and is waited for: so that it trains on what it can hardly solve, and does not starve.
            "hard" => [rlvr with { Share = 1, Admission = new() { TargetGroups = 1, RefillRounds = 40 }, CheckpointEvery = 1 }],
            "curriculum" or "mixed" => [srl, rlvr],
            _ => throw new ArgumentException($"Expected hard, curriculum or mixed, found '{what}'."),
        };
    }
}
