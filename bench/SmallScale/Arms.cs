using System.Globalization;
using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Execution;

namespace SmallScale;

/// <summary>Trains arms of the base and prints how they do on held-out problems.</summary>
internal static class Arms
{
    private const int Seed = 5001;

    public static int Run(string folder, long budget, string[] arms)
    {
        using WorkExecutor executor = new(new());
        Console.WriteLine(executor.Fingerprint);
        var levels = (Environment.GetEnvironmentVariable("LEVELS") ?? $"{TwoDials.Hard}").Split(',').Select(level => int.Parse(level, CultureInfo.InvariantCulture)).ToList();
        var validation = new ProblemSetPlan { Family = TwoDials.FamilyName, Count = 16, Seed = Seed + 1, Difficulty = levels };
        var demonstrations = int.Parse(Environment.GetEnvironmentVariable("DEMONSTRATIONS") ?? "12", CultureInfo.InvariantCulture);
        var first = long.Parse(Environment.GetEnvironmentVariable("FIRST_STAGE") ?? "600000", CultureInfo.InvariantCulture);
        foreach (var arm in arms)
        {
            var (names, seed) = (arm.Split(':')[0].Split('+'), int.Parse(arm.Split(':')[1], CultureInfo.InvariantCulture));
            // A stage followed by another takes 0.6M units or what is said, the last takes the rest.
            var rest = 1 - (first / (double)budget * (names.Length - 1));
            StagePlan[] stages = [.. names.Select((name, index) => Stage(name) with { Share = index + 1 < names.Length ? first / (double)budget : rest })];
            var run = new LocalArm(executor, BaseTraining.Inputs(folder), stages, budget, seed, training: 4001, validation, demonstrations, levels);
            var (sampled, trained) = ((Tokens: 0L, Seconds: 0.0), (Tokens: 0L, Seconds: 0.0));
            foreach (var step in run.Run(_ => new()))
            {
                foreach (var iteration in step.Iterations)
                {
                    sampled = (sampled.Tokens + iteration.RolloutTokens, sampled.Seconds + iteration.RolloutSeconds);
                    trained = (trained.Tokens + iteration.TrainedTokens, trained.Seconds + iteration.UpdateSeconds);
                }

                if (step.Iterations.Count > 0 && step.Iterations[^1] is var newest && newest.Iteration % 20 == 0)
                    Console.WriteLine(FormattableString.Invariant(
                        $"  {arm} {newest.Iteration}: reward {newest.MeanReward:F3}, {newest.GroupsAdmitted} of {newest.GroupsSampled} groups, loss {newest.Loss:F3}"));
                if (step.State.Phase == StagePhase.End)
                    Tell(arm, step.State, run, levels, FormattableString.Invariant(
                        $"rollouts {sampled.Seconds:F1} s, {sampled.Tokens / Math.Max(1e-9, sampled.Seconds):F0} tokens/s, updates {trained.Seconds:F1} s, {trained.Tokens / Math.Max(1e-9, trained.Seconds):F0} tokens/s"));
            }
        }

        return 0;
    }

    /// <summary>What the stage took, and how its policy does on problems of each length.</summary>
    private static void Tell(string arm, StageState state, LocalArm run, IEnumerable<int> levels, string took)
    {
        Console.WriteLine(FormattableString.Invariant(
            $"{arm} stage {state.Key.Stage}: {Words.Of(state.Outcome!.Value)}, {state.Ledger.Updates} updates, {state.Ledger.Spent(BudgetUnit.Compute)} units; {took}"));
        foreach (var level in levels.Union(TwoDials.Easy).Append(TwoDials.Hard).Distinct().Order())
        {
            var item = new EvaluateItem
            {
                Id = WorkItemId.Of(state.Key, WorkKind.Evaluate, state.Iteration, chunk: level),
                Policy = state.EndPolicy,
                Problems = new TwoDials().Create(new() { Family = TwoDials.FamilyName, Count = 128, Seed = Seed, Difficulty = [level] }, null),
                Samples = 2,
                MaxNewTokens = 96,
                DrawKey = "held-out",
            };
            var answers = ((EvaluateOutput)run.Work.Do(item).Output!).Answers;
            Console.WriteLine(FormattableString.Invariant(
                $"{arm} after stage {state.Key.Stage}, length {level}: greedy {answers.Average(a => a.GreedyCorrect ? 1.0 : 0):P1}, sampled {answers.Average(a => (double)a.SamplesCorrect / a.Samples):P1}, steps valid {answers.Average(a => a.GreedyStepsValid ? 1.0 : 0):P1}, {answers.Average(a => a.MeanTokens):F0} tokens"));
        }
    }

    // name, or name@rate.
    private static StagePlan Stage(string text)
    {
        var plan = Named(text.Split('@')[0]);
        if (text.Split('@') is not [_, var rate])
            return plan;

        var value = double.Parse(rate, CultureInfo.InvariantCulture);
        return plan with
        {
            Optimizer = plan.Optimizer.Matrices == OptimizerKind.Muon
                ? plan.Optimizer with { MatrixLearningRate = value }
                : plan.Optimizer with { LearningRate = value },
        };
    }

    private static StagePlan Named(string name) => name switch
    {
        "srl" => new SrlPlan { ProblemsPerIteration = 4, MaxNewTokens = 12, CheckpointEvery = 1000, Loss = new() { Clipping = false } },
        "rlvr" => new RlvrPlan
        {
            ProblemsPerIteration = 16,
            CheckpointEvery = 1000,
            Loss = new() { Clipping = false },
            Optimizer = new() { Matrices = OptimizerKind.Muon, MatrixLearningRate = 0.002 },
        },
        "sft" => new SftPlan { ProblemsPerIteration = 12, CheckpointEvery = 1000 },
        _ => throw new ArgumentException($"Expected srl, rlvr or sft, found '{name}'."),
    };
}
