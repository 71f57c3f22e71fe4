using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Curriculum.Draws;
using Curriculum.Problems;
using Curriculum.Submission;
using Curriculum.Texts;
using Curriculum.Training;
using Curriculum.Work;

namespace Curriculum.Tests.Training;

/// <summary>A stage over made-up workers, whose every answer follows from the item's id and a key.</summary>
internal sealed class PlayedStage
{
    private const string Plan = """
        {
          "name": "played",
          "base": { "pretrain": {} },
          "training": { "family": "two-dials", "count": 9, "seed": 11, "difficulty": [3], "demonstrations": 6 },
          "budget": { "amount": 3000 },
          "seeds": [1],
          "arms": [{ "name": "base" }, { "name": "arm", "stages": [] }],
          "limits": { "iterationCap": 60 },
          "evaluation": {
            "validation": { "family": "two-dials", "count": 5, "seed": 12, "difficulty": [3] },
            "benchmarks": [{ "name": "clean", "family": "two-dials", "count": 5, "seed": 13, "difficulty": [3] }],
            "curriculum": "arm"
          }
        }
        """;

    /// <summary>Key of everything that the workers make up.</summary>
    public required string Key { get; init; }

    /// <summary>The chance that an item fails.</summary>
    public double Failing { get; init; }

    /// <summary>The chance of a reward of 1.</summary>
    public double Success { get; init; } = 0.3;

    public required StageSetting Setting { get; init; }

    public StageState Begin { get; init; } = null!;

    /// <summary>A stage that a plan's text describes.</summary>
    public static PlayedStage Of(string stage, string key, long allowed = 3000, double failing = 0, double success = 0.3)
    {
        var text = JsonNode.Parse(Plan)!;
        text["arms"]![1]!["stages"]!.AsArray().Add(JsonNode.Parse(stage));
        var reading = PlanReader.Read(Encoding.UTF8.GetBytes(text.ToJsonString()));
        Assert.True(reading.Plan is not null, string.Join("; ", reading.Violations));
        var plan = reading.Plan!;
        var arm = ArmKey.Parse("run/arm/1");
        var problems = ProblemFamilies.Get("two-dials");
        var training = problems.Create(plan.Training, null);
        var planned = plan.Arms[1].Stages[0];
        return new()
        {
            Key = key,
            Failing = failing,
            Success = success,
            Setting = new()
            {
                Run = plan,
                Key = new(arm, 0, 0),
                Pool = TrainingPool.Of(planned, [.. training.Select((problem, index) => index < 6 ? problem : problem with { Steps = [] })], null),
                Validation = problems.Create(plan.Evaluation.Validation, null),
            },
            Begin = ArmCourse.Of(arm, plan, new("runs", "run/base", "00"), []).Next! with { Allowed = allowed },
        };
    }

    /// <summary>Every step to the end.</summary>
    public List<StageStep> Play(Func<StageState, Directive>? directive = null)
    {
        var steps = new List<StageStep>();
        foreach (var step in new InProcessStage(Work) { Directive = directive ?? (_ => new()) }.Run(Setting, Begin))
        {
            steps.Add(step);
            Assert.True(steps.Count < 2000, "Expected a stage that ends.");
        }

        return steps;
    }

    public WorkResult Work(WorkItem item)
    {
        var random = KeyedRandom.Stream($"{Key}/{item.Id}");
        var failure = random.NextDouble() >= Failing ? null
            : new WorkFailure(new[] { WorkFailure.NonFinite, "error", WorkFailure.Canceled, WorkFailure.Capped }[(int)(random.NextDouble() * 4)], "It broke.");
        return new()
        {
            Id = item.Id,
            InputHash = AwaitedResult.Of(item).InputHash,
            Failure = failure,
            Output = failure is null ? Output(item, random) : null,
            Fingerprint = "cpu",
            Timing = new("w-1", DateTimeOffset.UnixEpoch, 0.5),
        };
    }

    private WorkOutput Output(WorkItem item, KeyedRandom random) => item switch
    {
        RolloutItem rollout => new RolloutOutput { Groups = [.. rollout.Prompts.Select(prompt => Group(prompt, rollout.GroupSize, random))], ForwardTokens = 1 + (long)(random.NextDouble() * 60) },
        UpdateItem update => new UpdateOutput
        {
            State = new("runs", update.OutputFolder, Sha256Hex.Of(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(update, CurriculumJson.Default.WorkItem)))),
            OptimizerSteps = 1,
            TrainedTokens = 1 + (long)(random.NextDouble() * 80),
            Loss = 1,
            GradientNorm = 1,
            ClipFraction = 0,
            Entropy = 1,
        },
        EvaluateItem evaluation => new EvaluateOutput { Answers = [.. evaluation.Problems.Select(problem => Answer(problem, random))] },
        _ => throw new InvalidOperationException($"Expected no {item.GetType().Name}."),
    };

    private TrajectoryGroup Group(RolloutPrompt prompt, int size, KeyedRandom random) => new()
    {
        ProblemId = prompt.Problem.Id,
        Step = prompt.Step,
        PromptTokens = [1, 2],
        Trajectories =
        [
            .. Enumerable.Range(0, size).Select(_ => new Trajectory
            {
                Tokens = [3, 4],
                LogProbs = [-1, -1],
                Text = "#" + ((int)(random.NextDouble() * 90)).ToString(CultureInfo.InvariantCulture) + "$",
                Terminated = true,
                Reward = random.NextDouble() < Success ? 1 : 0,
                WellFormed = true,
            }),
        ],
    };

    private static ProblemAnswers Answer(Problem problem, KeyedRandom random)
    {
        var right = random.NextDouble() < 0.5;
        return new()
        {
            ProblemId = problem.Id,
            GreedyCorrect = right,
            GreedyStepsValid = right,
            GreedyText = "#1$",
            Samples = 4,
            SamplesCorrect = right ? 3 : 1,
            SamplesStepsValid = 0,
            MeanTokens = 2,
        };
    }
}
