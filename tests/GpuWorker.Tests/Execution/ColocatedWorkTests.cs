using System.Text;
using Curriculum.Problems;
using Curriculum.Submission;
using Curriculum.Training;
using Curriculum.Work;
using GpuWorker.Checkpoints;
using GpuWorker.Execution;
using GpuWorker.Items;

namespace GpuWorker.Tests.Execution;

/// <summary>Several iterations in one item: the bits of one item for each.</summary>
[Trait("Speed", "fast")]
public sealed class ColocatedWorkTests : IDisposable
{
    private readonly WorkExecutor _executor = new(new());

    [Theory]
    [InlineData("""{ "method": "srl", "problemsPerIteration": 2, "groupSize": 4, "rolloutItems": 0, "maxNewTokens": 6, "checkpointEvery": 2, "reward": { "kind": "random" } }""")]
    [InlineData("""{ "method": "rlvr", "algorithm": "ppo", "problemsPerIteration": 4, "groupSize": 2, "rolloutItems": 0, "maxNewTokens": 8, "checkpointEvery": 3, "reward": { "kind": "random" } }""")]
    [InlineData("""{ "method": "rlvr", "algorithm": "grpo", "problemsPerIteration": 4, "groupSize": 2, "rolloutItems": 0, "maxNewTokens": 8, "checkpointEvery": 3, "reward": { "kind": "random" }, "loss": { "klWeight": 0.1 } }""")]
    [InlineData("""{ "method": "sft", "problemsPerIteration": 2, "updatesPerItem": 0, "checkpointEvery": 2 }""")]
    public void Shares_end_in_the_weights_of_the_whole(string stage)
    {
        var (setting, begin, named) = Stage(stage);
        StageWork whole = new(_executor, new Marks(_ => { }), CancellationToken.None);
        whole.Add(named.Folder, Loaded(named), named.Manifest);
        var steps = whole.Run(setting, begin, _ => new()).ToList();

        var states = new Dictionary<string, NamedState> { [named.Folder] = named };
        var validations = new Dictionary<string, ValidatedCheckpoint>();
        var (state, shares) = (begin, 0);
        while (state.Phase != StagePhase.End)
        {
            var item = ColocatedTask.Item(state, new("runs", "setting", "00"), new("runs", "task", "00"));
            var inputs = Loaded(states[state.Policy.Folder]) with
            {
                Reference = Loaded(named),
                Stage = new(setting, ColocatedTask.Of(state, new() { Best = state.Guards.BestValidation is { } best ? validations[best] : null }), states[state.Policy.Folder].Manifest,
                    named.Manifest),
            };
            var computed = (ComputedStage)_executor.Execute(item, inputs, new WorkExecutorTests.CheckedProgress(), CancellationToken.None);
            foreach (var made in computed.States)
                states[made.Folder] = made;
            foreach (var validation in computed.Done.Validations)
                validations[validation.Blob] = validation;
            (state, shares) = (computed.Done.State, shares + 1);
        }

        Assert.True(shares > 1, $"Expected several shares, found {shares}.");
        Assert.Equal(steps[^1].State.Policy.Manifest, state.Policy.Manifest);
        Assert.NotEqual(named.Ref.Manifest, state.Policy.Manifest);
        Assert.Equal(steps.SelectMany(step => step.Validations).Select(point => point.State).Last(), states[state.Policy.Folder].Ref);
    }

    public void Dispose() => _executor.Dispose();

    private static (StageSetting Setting, StageState Begin, NamedState Base) Stage(string stage)
    {
        var plan = PlanReader.Read(Encoding.UTF8.GetBytes($$"""
            {
              "name": "colocated",
              "base": { "pretrain": {} },
              "training": { "family": "two-dials", "count": 6, "seed": 11, "difficulty": [3], "demonstrations": 6 },
              "budget": { "unit": "updates", "amount": 5 },
              "seeds": [1],
              "arms": [{ "name": "base" }, { "name": "arm", "stages": [{{stage}}] }],
              "evaluation": {
                "validation": { "family": "two-dials", "count": 3, "seed": 12, "difficulty": [3] },
                "benchmarks": [{ "name": "clean", "family": "two-dials", "count": 5, "seed": 13, "difficulty": [3] }],
                "curriculum": "arm", "samples": 1, "maxNewTokens": 12
              }
            }
            """)).Plan!;
        var parts = WorkExecutorTests.Base(1);
        var named = NamedState.Of("run/base", parts.StateParts, new Dictionary<string, StatePart>(), parts.Precision);
        var arm = ArmKey.Parse("run/arm/1");
        var family = ProblemFamilies.Get("two-dials");
        var setting = new StageSetting
        {
            Run = plan,
            Key = new(arm, 0, 0),
            Pool = TrainingPool.Of(plan.Arms[1].Stages[0], family.Create(plan.Training, null), null),
            Validation = family.Create(plan.Evaluation.Validation, null),
        };
        return (setting, ArmCourse.Of(arm, plan, named.Ref, []).Next!, named);
    }

    /// <summary>All parts of a state, those among them that lie with the base.</summary>
    private static LoadedInputs Loaded(NamedState state)
    {
        var shared = WorkExecutorTests.Base(1).StateParts;
        return new(state.Manifest.Parts.Keys.ToDictionary(name => name, name => state.Own.GetValueOrDefault(name) ?? shared[name]), state.Ref.Manifest) { Precision = state.Manifest.Precision };
    }
}
