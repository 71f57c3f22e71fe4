using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace SmallScale;

/// <summary>An arm of the base under one seed, stage after stage as its course says: the machine of a run, in this process.</summary>
internal sealed class LocalArm
{
    private const string Name = "arm";
    private readonly RunPlan _plan;
    private readonly IReadOnlyList<Problem> _training;
    private readonly IReadOnlyList<Problem> _validation;
    private readonly ArmKey _key;
    private readonly StateRef _base;

    /// <param name="executor">Computes.</param>
    /// <param name="start">The base.</param>
    /// <param name="stages">Of the arm.</param>
    /// <param name="budget">In compute units.</param>
    /// <param name="seed">Of the arm's draws.</param>
    /// <param name="training">Problems are drawn from this seed, the first with demonstrations.</param>
    /// <param name="validation">What checkpoints are validated on.</param>
    /// <param name="demonstrations">Problems that come with an expert's solution.</param>
    /// <param name="levels">Lengths in the training pool, in turn; null for hard problems alone.</param>
    public LocalArm(
        WorkExecutor executor, LoadedInputs start, IReadOnlyList<StagePlan> stages, long budget, int seed, int training, ProblemSetPlan validation, int demonstrations = 12,
        IReadOnlyList<int>? levels = null)
    {
        var problems = new TrainingPoolPlan { Family = TwoDials.FamilyName, Count = 512, Seed = training, Difficulty = levels ?? [TwoDials.Hard], Demonstrations = demonstrations };
        _plan = new()
        {
            Name = "bench",
            Base = new() { Pretrain = new() },
            Training = problems,
            Budget = new() { Amount = budget },
            Seeds = [seed],
            Arms = [new() { Name = Name, Stages = stages }],
            Evaluation = new() { Validation = validation, Benchmarks = [], Curriculum = Name, Samples = 0 },
        };
        _training = [.. new TwoDials().Create(problems, null).Select((problem, index) => index < demonstrations ? problem : problem with { Steps = [] })];
        _validation = new TwoDials().Create(validation, null);
        _key = new(RunId.Parse("bench"), Name, seed);
        Work = new(executor, new Marks(_ => { }), CancellationToken.None);
        var named = NamedState.Of("bench/base", start.StateParts, new Dictionary<string, StatePart>(), start.Precision);
        _base = named.Ref;
        Work.Add(named.Folder, start with { StateKey = _base.Manifest }, named.Manifest);
    }

    public StageWork Work { get; }

    /// <summary>The policy that the arm has come to.</summary>
    public StateRef Policy { get; private set; } = null!;

    /// <summary>Every step of every stage, in order.</summary>
    public IEnumerable<StageStep> Run(Func<StageState, Directive> directive)
    {
        var ended = new List<StageState>();
        Policy = _base;
        while (ArmCourse.Of(_key, _plan, _base, ended).Next is { } next)
        {
            var stage = _plan.Arms[0].Stages[next.Key.Stage];
            var setting = new StageSetting { Run = _plan, Key = next.Key, Pool = TrainingPool.Of(stage, _training, null), Validation = _validation };
            StageState? last = null;
            foreach (var step in Work.Run(setting, next, directive))
            {
                last = step.State;
                yield return step;
            }

            ended.Add(last!);
            Policy = last!.EndPolicy;
        }
    }
}
