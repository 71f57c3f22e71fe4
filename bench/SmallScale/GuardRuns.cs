using System.Globalization;
using Curriculum.Admission;
using Curriculum.Evaluation;
using Curriculum.Guards;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Stages;
using Curriculum.Work;
using GpuWorker.Execution;

namespace SmallScale;

/// <summary>Trains under the guards, seed by seed, and prints every iteration's figures, the alarms and the accuracy on easy problems.</summary>
internal static class GuardRuns
{
    public static int Run(string folder, string what, long budget, int first, int count, string log)
    {
        using WorkExecutor executor = new(new());
        var family = new TwoDials();
        using var lines = new StreamWriter(log) { AutoFlush = true };
        lines.WriteLine("seed,stage,iteration,spent,sampled,admitted,lone,reward,formed,tokens,ngram,block,skipped,rewarded,bare,easy");
        for (var seed = first; seed < first + count; seed++)
        {
            var run = new GuardRun(executor, BaseTraining.Inputs(folder), family, seed, lines);
            foreach (var (plan, share) in Stages(what))
                run.Train(plan, (long)(budget * share));
        }

        return 0;
    }

    private static IEnumerable<(StagePlan Plan, double Share)> Stages(string what)
    {
        var srl = new StagePlan
        {
            Method = Method.Srl,
            ProblemsPerIteration = 4,
            MaxNewTokens = 12,
            Admission = new() { TargetGroups = 16, RefillRounds = 6 },
            Optimizer = new() { LearningRate = 4e-4 },
        };
        var rlvr = new StagePlan
        {
            Method = Method.Rlvr,
            ProblemsPerIteration = 16,
            Admission = new() { TargetGroups = int.Parse(Environment.GetEnvironmentVariable("TARGET") ?? "8", CultureInfo.InvariantCulture), RefillRounds = int.Parse(Environment.GetEnvironmentVariable("REFILL") ?? "8", CultureInfo.InvariantCulture) },
            Optimizer = new() { Matrices = OptimizerKind.Muon, MatrixLearningRate = double.Parse(Environment.GetEnvironmentVariable("RATE") ?? "0.002", CultureInfo.InvariantCulture), LearningRate = 4e-4 },
        };
        return what switch
        {
            "hard" => [(rlvr, 1)],
            "curriculum" => [(srl, 0.4), (rlvr, 0.6)],
            _ => throw new ArgumentException($"Expected hard or curriculum, found '{what}'."),
        };
    }
}

/// <summary>One seed under way: rollouts and refills, admission, guards, update, validation, as a run's workflow does them.</summary>
internal sealed class GuardRun(WorkExecutor executor, LoadedInputs start, TwoDials family, int seed, StreamWriter lines)
{
    private const int EasyProblems = 128;

    private readonly IReadOnlyList<Problem> _pool = family.Create(new() { Family = family.Name, Count = 512, Seed = 40_000 + seed, Difficulty = [8] }, null);
    private readonly IReadOnlyList<Problem> _easy = family.Create(new() { Family = family.Name, Count = EasyProblems, Seed = 50_000 + seed, Difficulty = [4, 5] }, null);
    private LoadedInputs _state = start;
    private int _stage = -1;
    private int _version;

    public void Train(StagePlan plan, long budget)
    {
        _stage++;
        var source = plan.Method == Method.Rlvr ? _pool : [.. _pool.Take(12)];
        var reward = Grader.Resolve(plan);
        var (spent, updates) = (0L, 0);
        Log(0, 0, null, null, Easy());
        for (var iteration = 0; spent < budget; iteration++)
        {
            var groups = new List<TrajectoryGroup>();
            AdmissionResult admitted;
            var round = 0;
            do
            {
                var drawn = PoolSampler.Draw(source.Count, plan.ProblemsPerIteration, $"guards/{seed}/{_stage}", iteration, round).Select(i => source[i]);
                var output = (RolloutOutput)((ComputedOutput)Execute(
                    new RolloutItem
                    {
                        Id = "bench/arm/0/0/0/0/0/0/rollout",
                        Policy = new("", "", ""),
                        Prompts = plan.Method == Method.Srl ? [.. drawn.SelectMany(StepInstances.Of)] : [.. drawn.Select(problem => new RolloutPrompt { Problem = problem })],
                        GroupSize = plan.GroupSize,
                        Temperature = 1,
                        MaxNewTokens = plan.MaxNewTokens,
                        Reward = reward,
                        DrawKey = FormattableString.Invariant($"guards/{seed}/{_stage}/{iteration}/{round}"),
                    },
                    [])).Output;
                spent += ComputeUnits.Of(output.ForwardTokens, 0);
                groups.AddRange(output.Groups);
                admitted = Admit.Decide(groups, plan, round++);
            }
            while (admitted.Decision == AdmissionDecision.Refill);

            if (admitted.Decision == AdmissionDecision.Starved)
            {
                Console.WriteLine(FormattableString.Invariant($"seed {seed} stage {_stage}: starved at iteration {iteration}, {spent} units"));
                return;
            }

            var update = new UpdateItem
            {
                Id = "bench/arm/0/0/0/0/0/0/update",
                State = new("", "", ""),
                OutputFolder = "",
                Steps = [new(new("", "", ""), Math.Min(1, plan.Optimizer.Floor + (1.08 * (1 - Math.Min(1, spent / (double)budget)))))],
                LossKind = LossKind.PolicyGradient,
                Loss = plan.Loss,
                Optimizer = plan.Optimizer,
                MaxNewTokens = plan.MaxNewTokens,
                FreshOptimizer = updates++ == 0,
            };
            var next = (ComputedState)Execute(update, [BatchBuilder.OfGroups(admitted.Groups, plan.Advantage)]);
            spent += ComputeUnits.Of(0, next.Metrics.TrainedTokens);
            _state = new(next.Parts, $"guards/{seed}/{++_version}", []);
            var every = plan.Method == Method.Srl ? 10 : 1;
            Log(iteration, spent, admitted.Yield, TextFigures.Of(groups, id => source.First(problem => problem.Id == id)), iteration % every == 0 ? Easy() : null);
        }

        Console.WriteLine(FormattableString.Invariant($"seed {seed} stage {_stage}: {updates} updates, {spent} units"));
    }

    private double Easy() => ((EvaluateOutput)((ComputedOutput)Execute(
        new EvaluateItem { Id = "bench/arm/0/0/0/0/0/0/evaluate", Policy = new("", "", ""), Problems = _easy, Samples = 0, MaxNewTokens = 60, DrawKey = "easy" }, [])).Output)
        .Answers.Average(answer => answer.GreedyCorrect ? 1.0 : 0);

    private void Log(int iteration, long spent, AdmissionYield? yield, TextFigures? text, double? easy) => lines.WriteLine(FormattableString.Invariant(
        $"{seed},{_stage},{(yield is null ? -1 : iteration)},{spent},{yield?.Sampled},{yield?.Admitted},{yield?.LoneSuccesses},{yield?.MeanReward:F4},{yield?.WellFormedShare:F3},{text?.MeanTokens:F2},{text?.NgramRepetition:F4},{text?.BlockRepetition:F3},{text?.Skipped:F3},{text?.RewardedSkipped:F3},{text?.BareAnswers:F3},{easy:F4}"));

    private ExecutionResult Execute(WorkItem item, IReadOnlyList<UpdateBatch> batches) =>
        executor.Execute(item, _state with { Batches = batches }, new Marks(_ => { }), CancellationToken.None);
}
