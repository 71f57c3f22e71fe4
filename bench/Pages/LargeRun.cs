using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Azure.Storage.Blobs;
using Curriculum.Problems;
using Curriculum.Stages;
using Curriculum.Submission;
using Curriculum.Training;
using Curriculum.Work;

namespace Pages;

/// <summary>What many runs, and one large one, would have stored: written past the workers, who would take days.</summary>
internal sealed class LargeRun(string connectionString)
{
    public const int Runs = 1000;
    public const int Iterations = 625;
    public const string Id = "large";

    private static readonly ParallelOptions AtOnce = new() { MaxDegreeOfParallelism = 16 };
    private readonly BlobContainerClient _runs = new(connectionString, StorageNames.RunsContainer);
    private readonly BlobContainerClient _work = new(connectionString, StorageNames.WorkContainer);

    /// <summary>Four arms under two seeds, each an SRL stage of 625 iterations, and 12,500 benchmark problems.</summary>
    public static string Plan { get; } = $$"""
        {
          "name": "large", "base": { "pretrain": {} },
          "training": { "family": "two-dials", "count": 64, "seed": 1, "difficulty": [8] },
          "budget": { "unit": "updates", "amount": {{Iterations}} }, "seeds": [1, 2],
          "arms": [
            { "name": "base" },
            {{string.Join(", ", Enumerable.Range(1, 4).Select(n => $$"""{ "name": "srl-{{n}}", "stages": [{ "method": "srl" }] }"""))}}
          ],
          "evaluation": {
            "validation": { "family": "two-dials", "count": 8, "seed": 2, "difficulty": [8] },
            "benchmarks": [{ "name": "fresh", "family": "two-dials", "count": 12500, "seed": 3, "difficulty": [8] }],
            "curriculum": "srl-1", "bootstrapDraws": 100
          }
        }
        """;

    /// <summary>How many metric points and trajectories there are.</summary>
    public int Points { get; private set; }

    public int Trajectories { get; private set; }

    /// <summary>Other runs with the same plan, under ids of their own.</summary>
    public async Task WriteOthersAsync()
    {
        var record = JsonNode.Parse((await _runs.GetBlobClient(StorageNames.Plan(Id)).DownloadContentAsync()).Value.Content.ToString())!;
        await Parallel.ForAsync(0, Runs - 1, AtOnce, async (number, token) =>
        {
            var (id, at) = (string.Create(CultureInfo.InvariantCulture, $"run-{number:D4}"), DateTimeOffset.UnixEpoch.AddDays(20_000).AddMinutes(number));
            var own = record.DeepClone();
            own["run"] = id;
            own["submittedAt"] = at;
            await WriteAsync(_runs, StorageNames.Plan(id), own.ToJsonString(), token);
            await WriteAsync(_runs, $".index/{at.UtcDateTime.ToString("yyyyMMdd'T'HHmmssfffffff'Z'", CultureInfo.InvariantCulture)}-{id}", "", token);
        });
    }

    public async Task WriteAsync()
    {
        var (run, plan) = (RunId.Parse(Id), PlanReader.Read(Plan).Plan!);
        await WriteAsync(_runs, StorageNames.StateBlob($"{Id}/base"),
            JsonSerializer.Serialize(new StateManifest { Parts = new Dictionary<string, StatePart>() }, CurriculumJson.Default.StateManifest), default);
        var problems = ProblemFamilies.Get("two-dials").Create(plan.Evaluation.Benchmarks[0], null);
        await WriteAsync(_runs, $"{Id}/pools/benchmarks/fresh.json", JsonSerializer.Serialize(problems, CurriculumJson.Default.IReadOnlyListProblem), default);
        foreach (var arm in plan.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in plan.Seeds)
            {
                await WriteTrainingAsync(new(new(run, arm.Name, seed), 0, 0));
                await WriteAnswersAsync(new(run, arm.Name, seed), problems, plan.Evaluation.ProblemsPerItem);
            }
        }
    }

    private async Task WriteTrainingAsync(StageKey stage)
    {
        var lines = new StringBuilder();
        for (var iteration = 0; iteration < Iterations; iteration++)
        {
            var x = iteration / (double)Iterations;
            var record = new IterationRecord
            {
                Stage = 0,
                Attempt = 0,
                Iteration = iteration,
                Updates = iteration + 1,
                Compute = 1000L * (iteration + 1),
                GroupsSampled = 32,
                GroupsAdmitted = 16,
                MeanReward = x + 0.1 * Math.Sin(stage.Seed + 40 * x),
                WellFormed = 0.9,
                MeanTokens = 40 + 10 * x,
                Rounds = 1,
                LoneSuccesses = 0,
                Quarantined = 0,
                Text = new() { Completions = 256, MeanTokens = 40, NgramRepetition = 0.01 * x, BlockRepetition = 0, Skipped = 0.1 },
                Loss = Math.Exp(-3 * x),
                Entropy = 0.2 * (1 - x),
                GradientNorm = 1 + Math.Cos(60 * x),
                ClipFraction = 0.01,
                Fingerprint = "cpu",
                RolloutItems = 1,
                RolloutTokens = 10_000,
                RolloutSeconds = 1,
                TrainedTokens = 5_000,
                UpdateSeconds = 1,
            };
            lines.Append(JsonSerializer.Serialize(record, TrainingJson.Default.IterationRecord)).Append('\n');
            Points += 20;
        }

        await WriteAsync(_runs, IterationRecord.Lines(stage), lines.ToString(), default);
        var state = new StateRef(StorageNames.RunsContainer, StorageNames.State(stage, Iterations), "00");
        var end = new StageState
        {
            Key = stage,
            Step = 9,
            Phase = StagePhase.End,
            Allowed = Iterations,
            Policy = state,
            Start = state,
            Iteration = Iterations,
            Ledger = new() { Updates = Iterations, ForwardTokens = 6_250_000, TrainedTokens = 3_125_000, Seconds = 1250 },
            Outcome = StageOutcome.Completed,
            Reason = "The budget is spent.",
        };
        await WriteAsync(_runs, $"{Id}/ends/{stage.Of.Path}/0000-0000.json", JsonSerializer.Serialize(end, TrainingJson.Default.StageState), default);
    }

    private async Task WriteAnswersAsync(ArmKey arm, IReadOnlyList<Problem> problems, int perItem)
    {
        var chunks = problems.Chunk(perItem).ToList();
        var items = chunks.Select((_, chunk) => WorkItemId.Of(WorkOwner.Evaluation(arm, 1), WorkKind.Evaluate, chunk)).ToList();
        await Parallel.ForAsync(0, chunks.Count, AtOnce, async (chunk, token) =>
        {
            var result = new WorkResult
            {
                Id = items[chunk],
                InputHash = "",
                Fingerprint = "cpu",
                Timing = new("worker", DateTimeOffset.UnixEpoch, 1),
                Output = new EvaluateOutput
                {
                    Answers = [.. chunks[chunk].Select((problem, at) => new ProblemAnswers
                    {
                        ProblemId = problem.Id,
                        GreedyCorrect = at % 3 == 0,
                        GreedyStepsValid = at % 3 == 0,
                        GreedyText = string.Concat(problem.Steps),
                        Samples = 4,
                        SamplesCorrect = at % 5,
                        SamplesStepsValid = 0,
                        MeanTokens = 60,
                    })],
                },
            };
            await WriteAsync(_work, StorageNames.Result(items[chunk]), JsonSerializer.Serialize(result, CurriculumJson.Default.WorkResult), token);
        });
        Trajectories += problems.Count;
        var evaluation = new JsonObject
        {
            ["arm"] = arm.ToString(),
            ["checkpoint"] = new JsonObject { ["container"] = "runs", ["folder"] = $"{Id}/base", ["manifest"] = "00" },
            ["benchmarks"] = new JsonArray(new JsonObject { ["benchmark"] = "fresh", ["items"] = new JsonArray([.. items.Select(item => (JsonNode)item.ToString())]) }),
        };
        await WriteAsync(_runs, $"{Id}/measures/{arm.Path}.json", evaluation.ToJsonString(), default);
    }

    private static async Task WriteAsync(BlobContainerClient container, string name, string text, CancellationToken cancellationToken) =>
        await container.GetBlobClient(name).UploadAsync(BinaryData.FromString(text), overwrite: true, cancellationToken);
}
