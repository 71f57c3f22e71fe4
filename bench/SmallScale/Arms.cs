using System.Diagnostics;
using System.Globalization;
using Curriculum.Admission;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Rewards;
using Curriculum.Stages;
using Curriculum.Work;
using GpuWorker.Execution;

namespace SmallScale;

/// <summary>Trains arms over the executor, without queues or blobs, and prints how they do on held-out problems.</summary>
internal static class Arms
{
    private const int Iterations = 2000;

    public static int Run(string folder, long budget, string[] arms)
    {
        using WorkExecutor executor = new(new());
        Console.WriteLine(executor.Fingerprint);
        var family = new TwoDials();
        var pool = family.Create(new() { Family = family.Name, Count = 512, Seed = 4001, Difficulty = [8] }, null);
        var heldOut = family.Create(new() { Family = family.Name, Count = 128, Seed = 5001, Difficulty = [8] }, null);
        var demonstrations = int.Parse(Environment.GetEnvironmentVariable("DEMONSTRATIONS") ?? "12", CultureInfo.InvariantCulture);
        var first = long.Parse(Environment.GetEnvironmentVariable("FIRST_STAGE") ?? "600000", CultureInfo.InvariantCulture);
        foreach (var arm in arms)
        {
            var stages = arm.Split(':')[0].Split('+');
            var run = new ArmRun(executor, BaseTraining.Inputs(folder), pool, demonstrations, heldOut, arm);
            run.Evaluate("start");
            for (var stage = 0; stage < stages.Length; stage++)
            {
                // A stage followed by another takes 0.6M units or what is said, the last takes the rest.
                var share = stage + 1 < stages.Length ? first : budget - run.Spent;
                run.Train(Stage(stages[stage]), $"{arm}/{stage}", share, Iterations);
                run.Evaluate(stages[stage]);
            }
        }

        return 0;
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
        "srl" => new SrlPlan { ProblemsPerIteration = 4, MaxNewTokens = 12, Loss = new() { Clipping = false } },
        "rlvr" => new RlvrPlan
        {
            ProblemsPerIteration = 16,
            Loss = new() { Clipping = false },
            Optimizer = new() { Matrices = OptimizerKind.Muon, MatrixLearningRate = 0.002 },
        },
        "sft" => new SftPlan { ProblemsPerIteration = 12 },
        _ => throw new ArgumentException($"Expected srl, rlvr or sft, found '{name}'."),
    };
}

/// <summary>One arm under way.</summary>
internal sealed class ArmRun(
    WorkExecutor executor, LoadedInputs start, IReadOnlyList<Problem> pool, int demonstrations, IReadOnlyList<Problem> heldOut, string name)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private LoadedInputs _state = start;
    private double _rollouts;
    private double _updates;
    private long _forward;
    private long _trained;
    private int _version;

    public long Spent { get; private set; }

    public void Train(StagePlan plan, string key, long budget, int iterations)
    {
        var source = plan.NeedsDemonstrations ? [.. pool.Take(demonstrations)] : pool;
        var (begin, updates, starved) = (Spent, 0, 0);
        (_rollouts, _updates, _forward, _trained) = (0, 0, 0, 0);
        for (var iteration = 0; iteration < iterations && Spent - begin < budget && starved < 9; iteration++)
        {
            var drawn = PoolSampler.Draw(source.Count, Math.Min(source.Count, plan.ProblemsPerIteration), key, iteration, 0).Select(i => source[i]).ToArray();
            UpdateBatch batch;
            if (plan is not PolicyGradientPlan gradient)
            {
                batch = BatchBuilder.OfDemonstrations(drawn, plan.Completion);
            }
            else
            {
                RolloutItem item = new()
                {
                    Id = "bench/arm/0/0/0/0/0/0/rollout",
                    Policy = new("", "", ""),
                    Prompts = plan.Completion == CompletionTarget.Step ? [.. drawn.SelectMany(StepInstances.Of)] : [.. drawn.Select(problem => new RolloutPrompt { Problem = problem })],
                    GroupSize = gradient.GroupSize,
                    Temperature = 1,
                    MaxNewTokens = plan.MaxNewTokens,
                    Reward = Grader.Resolve(gradient),
                    DrawKey = $"{key}/{iteration}",
                };
                var sampled = Timed(ref _rollouts, () => (RolloutOutput)((ComputedOutput)Execute(item, [])).Output);
                Spent += ComputeUnits.Of(sampled.ForwardTokens, 0);
                _forward += sampled.ForwardTokens;
                var admitted = Admit.Decide(sampled.Groups, gradient, gradient.Admission.RefillRounds);
                if (admitted.Groups.Count == 0)
                {
                    starved++;
                    continue;
                }

                starved = 0;
                batch = BatchBuilder.OfGroups(admitted.Groups, gradient.Advantage);
                if (iteration % 20 == 0)
                    Console.WriteLine(FormattableString.Invariant($"  {key} {iteration}: {admitted.Yield}"));
            }

            var progress = (double)(Spent - begin) / budget;
            UpdateItem update = new()
            {
                Id = "bench/arm/0/0/0/0/0/0/update",
                State = new("", "", ""),
                OutputFolder = "",
                Steps = [new(new("", "", ""), Math.Min(1, plan.Optimizer.Floor + 1.08 * (1 - progress)))],
                LossKind = plan is PolicyGradientPlan ? LossKind.PolicyGradient : LossKind.Likelihood,
                Loss = (plan as PolicyGradientPlan)?.Loss ?? new(),
                Temperature = 1,
                Optimizer = plan.Optimizer,
                MaxNewTokens = plan.MaxNewTokens,
                FreshOptimizer = updates == 0,
            };
            var next = Timed(ref _updates, () => (ComputedState)Execute(update, [batch]));
            Spent += ComputeUnits.Of(0, next.Metrics.TrainedTokens);
            _trained += next.Metrics.TrainedTokens;
            _state = new(next.Over(_state), $"{name}/{++_version}", []);
            updates++;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{name} {plan.Method}: {updates} updates, {Spent - begin} units; rollouts {_rollouts:F1} s ({_forward / Math.Max(1e-9, _rollouts):F0} tokens/s), updates {_updates:F1} s ({_trained / Math.Max(1e-9, _updates):F0} tokens/s), {_clock.Elapsed.TotalSeconds:F1} s in all{(starved > 0 ? ", starved" : "")}"));
    }

    public void Evaluate(string after)
    {
        EvaluateItem item = new()
        {
            Id = "bench/arm/0/0/0/0/0/0/evaluate",
            Policy = new("", "", ""),
            Problems = heldOut,
            Samples = 2,
            MaxNewTokens = 96,
            DrawKey = "held-out",
        };
        var clock = Stopwatch.StartNew();
        var answers = ((EvaluateOutput)((ComputedOutput)Execute(item, [])).Output).Answers;
        Console.WriteLine(FormattableString.Invariant(
            $"{name} after {after}: greedy {answers.Average(a => a.GreedyCorrect ? 1.0 : 0):P1}, sampled {answers.Average(a => (double)a.SamplesCorrect / a.Samples):P1}, steps valid {answers.Average(a => a.GreedyStepsValid ? 1.0 : 0):P1}, {answers.Average(a => a.MeanTokens):F0} tokens ({clock.Elapsed.TotalSeconds:F1} s); {answers[0].GreedyText}"));
    }

    private ExecutionResult Execute(WorkItem item, IReadOnlyList<UpdateBatch> batches) =>
        executor.Execute(item, _state with { Batches = batches }, new Marks(_ => { }), CancellationToken.None);

    private static T Timed<T>(ref double seconds, Func<T> work)
    {
        var clock = Stopwatch.StartNew();
        var result = work();
        seconds += clock.Elapsed.TotalSeconds;
        return result;
    }
}
