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

/// <summary>One seed under way: rollouts and refills, admission, update, guards, validation, in the order of a run's workflow.</summary>
internal sealed class GuardRun(WorkExecutor executor, LoadedInputs start, int seed, IReadOnlyList<int> validationLevels, bool endAtFall, StreamWriter lines)
{
    public const string Header = "seed,stage,iteration,spent,sampled,admitted,lone,reward,formed,tokens,ngram,block,skipped,rewarded,bare,validation";

    private const int ValidationProblems = 128;

    private readonly IReadOnlyList<Problem> _pool = new TwoDials().Create(new() { Family = TwoDials.FamilyName, Count = 512, Seed = 40_000 + seed, Difficulty = [TwoDials.Hard] }, null);
    private readonly IReadOnlyList<Problem> _validation = new TwoDials().Create(
        new() { Family = TwoDials.FamilyName, Count = ValidationProblems, Seed = 50_000 + seed, Difficulty = validationLevels }, null);

    private readonly List<GuardAlarm> _alarms = [];
    private LoadedInputs _state = start;
    private int _stage = -1;
    private int _version;

    public IReadOnlyList<GuardAlarm> Alarms => _alarms;

    /// <summary>The first iteration after which validation accuracy was below the start's interval.</summary>
    public int? Fell { get; private set; }

    public void Train(PolicyGradientPlan plan, long budget)
    {
        _stage++;
        var source = plan.NeedsDemonstrations ? [.. _pool.Take(12)] : _pool;
        var byId = source.ToDictionary(problem => problem.Id, StringComparer.Ordinal);
        var (spent, updates) = (0L, 0);
        var begun = Validate();
        var least = Wilson.Interval(begun.Count(answer => answer.GreedyCorrect), begun.Count, 0.95).Low;
        var guards = new GuardState();
        HashSet<string>? solved = null;
        Judge(plan, ref guards, ref solved, begun, -1);
        Log(-1, 0, null, null, begun);
        for (var iteration = 0; spent < budget && !(endAtFall && Fell is not null); iteration++)
        {
            var (groups, admitted) = Sample(plan, source, iteration, ref spent);
            if (admitted.Decision == AdmissionDecision.Starved)
            {
                Console.WriteLine(FormattableString.Invariant($"seed {seed} stage {_stage}: starved at iteration {iteration}"));
                break;
            }

            var next = (ComputedState)Execute(Update(plan, spent / (double)budget, updates++ == 0), [BatchBuilder.OfGroups(admitted.Groups, plan.Advantage)]);
            spent += ComputeUnits.Of(0, next.Metrics.TrainedTokens);
            _state = new(next.Over(_state), $"guards/{seed}/{++_version}", []);
            var figures = TextFigures.Of(groups, id => byId[id]);
            Take(TextGuards.OnIteration(plan.Guards, guards, figures, 0, iteration), ref guards);
            var answers = updates % plan.CheckpointEvery == 0 ? Validate() : null;
            Log(iteration, spent, admitted.Yield, figures, answers);
            if (answers is null)
                continue;
            Judge(plan, ref guards, ref solved, answers, iteration);
            if (endAtFall && Accuracy(answers) < least)
                Fell ??= iteration;
        }

        Console.WriteLine(FormattableString.Invariant(
            $"seed {seed} stage {_stage}: {updates} updates, {spent} units; {(Fell is { } fell ? $"fell at iteration {fell}" : "no fall looked for or seen")}; alarms: {(guards.Alarms.Count == 0 ? "none" : string.Join(" | ", guards.Alarms.Select(alarm => $"{alarm.Iteration} {alarm.Message}")))}"));
    }

    private (List<TrajectoryGroup> Groups, AdmissionResult Admitted) Sample(PolicyGradientPlan plan, IReadOnlyList<Problem> source, int iteration, ref long spent)
    {
        var groups = new List<TrajectoryGroup>();
        for (var round = 0; ; round++)
        {
            var drawn = PoolSampler.Draw(source.Count, plan.ProblemsPerIteration, $"guards/{seed}/{_stage}", iteration, round).Select(i => source[i]);
            var output = (RolloutOutput)((ComputedOutput)Execute(
                new RolloutItem
                {
                    Id = "bench/arm/0/0/0/0/0/0/rollout",
                    Policy = new("", "", ""),
                    Prompts = plan.Completion == CompletionTarget.Step ? [.. drawn.SelectMany(StepInstances.Of)] : [.. drawn.Select(problem => new RolloutPrompt { Problem = problem })],
                    GroupSize = plan.GroupSize,
                    Temperature = 1,
                    MaxNewTokens = plan.MaxNewTokens,
                    Reward = Grader.Resolve(plan),
                    DrawKey = FormattableString.Invariant($"guards/{seed}/{_stage}/{iteration}/{round}"),
                },
                [])).Output;
            spent += ComputeUnits.Of(output.ForwardTokens, 0);
            groups.AddRange(output.Groups);
            var admitted = Admit.Decide(groups, plan, round);
            if (admitted.Decision != AdmissionDecision.Refill)
                return (groups, admitted);
        }
    }

    private static UpdateItem Update(PolicyGradientPlan plan, double done, bool first) => new()
    {
        Id = "bench/arm/0/0/0/0/0/0/update",
        State = new("", "", ""),
        OutputFolder = "",
        Steps = [new(new("", "", ""), Math.Min(1, plan.Optimizer.Floor + (1.08 * (1 - Math.Min(1, done)))))],
        LossKind = LossKind.PolicyGradient,
        Loss = plan.Loss,
        Temperature = 1,
        Optimizer = plan.Optimizer,
        MaxNewTokens = plan.MaxNewTokens,
        FreshOptimizer = first,
    };

    private IReadOnlyList<ProblemAnswers> Validate() => ((EvaluateOutput)((ComputedOutput)Execute(
        new EvaluateItem { Id = "bench/arm/0/0/0/0/0/0/evaluate", Policy = new("", "", ""), Problems = _validation, Samples = 0, MaxNewTokens = 96, DrawKey = "validation" }, [])).Output)
        .Answers;

    private void Judge(StagePlan plan, ref GuardState guards, ref HashSet<string>? solved, IReadOnlyList<ProblemAnswers> answers, int iteration)
    {
        Take(TextGuards.OnValidation(plan.Guards, guards, TextFigures.Of(_validation, answers), 0, iteration), ref guards);
        var best = guards.BestValidation;
        Take(RegressionGuards.OnValidation(plan.Guards, guards, solved, answers, $"{iteration}", 0, iteration), ref guards);
        if (guards.BestValidation != best)
            solved = answers.Where(answer => answer.GreedyCorrect).Select(answer => answer.ProblemId).ToHashSet(StringComparer.Ordinal);
    }

    private void Take(Judged judged, ref GuardState guards)
    {
        guards = judged.State;
        _alarms.AddRange(judged.Alarms);
    }

    private static double Accuracy(IReadOnlyList<ProblemAnswers> answers) => answers.Average(answer => answer.GreedyCorrect ? 1.0 : 0);

    private void Log(int iteration, long spent, AdmissionYield? yield, TextFigures? text, IReadOnlyList<ProblemAnswers>? answers) => lines.WriteLine(FormattableString.Invariant(
        $"{seed},{_stage},{iteration},{spent},{yield?.Sampled},{yield?.Admitted},{yield?.LoneSuccesses},{yield?.MeanReward:F4},{yield?.WellFormedShare:F3},{text?.MeanTokens:F2},{text?.NgramRepetition:F4},{text?.BlockRepetition:F3},{text?.Skipped:F3},{text?.RewardedSkipped:F3},{text?.BareAnswers:F3},{(answers is null ? null : Accuracy(answers)):F4}"));

    private ExecutionResult Execute(WorkItem item, IReadOnlyList<UpdateBatch> batches) =>
        executor.Execute(item, _state with { Batches = batches }, new Marks(_ => { }), CancellationToken.None);
}
