using System.Text.Json;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using Microsoft.Extensions.DependencyInjection;
using Orchestrations.Storage;
using Orchestrations.Tests.Hosting;

namespace Orchestrations.Tests.Runs;

/// <summary>What a run of the sample plan would have stored of its first iteration and its first benchmark, for an arm whose answers are chosen.</summary>
internal static class StoredTrajectories
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Stores the training pool and a sample of an RLVR iteration, and returns the key of its first group.</summary>
    public static async Task<string> WriteAsync(AppHost app, string run)
    {
        var record = (await app.Services.GetRequiredService<FrozenRun>().FindAsync(run, Cancelled))!;
        var problems = ProblemFamilies.Get("two-dials").Create(record.Plan.Training, null);
        await PoolAsync(app, run, FrozenRun.TrainingPool, problems);
        var stage = new StageKey(new(record.Run, "rlvr", 1), 0, 0);
        for (var iteration = 0; iteration < 3; iteration++)
        {
            TrajectoryGroup[] groups = [.. problems.Skip(iteration * 12).Take(12).Select((problem, at) => Group(problem, right: at % 3, of: 4))];
            var sample = RolloutSample.Of(stage, iteration, groups, [.. groups.Where((_, at) => at % 3 > 0)], new HashSet<TrajectoryGroup>());
            await app.Services.GetRequiredService<RolloutSamples>().WriteAsync(sample, Cancelled);
            if (iteration == 2)
                return $"rollout.rlvr.1.0.0.2.{sample.Groups[0].Index}";
        }

        throw new InvalidOperationException("Expected three iterations.");
    }

    /// <summary>Stores an arm's answers to the plan's first benchmark, 128 to a work item: right where the test says so.</summary>
    public static async Task AnswerAsync(AppHost app, string run, string arm, int seed, Func<int, bool> isRight)
    {
        var record = (await app.Services.GetRequiredService<FrozenRun>().FindAsync(run, Cancelled))!;
        var benchmark = record.Plan.Evaluation.Benchmarks[0];
        var problems = ProblemFamilies.Get("two-dials").Create(benchmark, null);
        await PoolAsync(app, run, FrozenRun.BenchmarkPool(benchmark.Name), problems);
        var key = new ArmKey(record.Run, arm, seed);
        var items = problems.Chunk(record.Plan.Evaluation.ProblemsPerItem).Select((_, chunk) => WorkItemId.Of(WorkOwner.Evaluation(key, 9), WorkKind.Evaluate, chunk)).ToList();
        foreach (var (item, chunk) in items.Select((item, chunk) => (item, chunk)))
        {
            var first = chunk * record.Plan.Evaluation.ProblemsPerItem;
            var result = new WorkResult
            {
                Id = item,
                InputHash = "",
                Fingerprint = "cpu",
                Timing = new("worker", DateTimeOffset.UnixEpoch, 1),
                Output = new EvaluateOutput { Answers = [.. problems.Skip(first).Take(record.Plan.Evaluation.ProblemsPerItem).Select((problem, at) => Answer(problem, isRight(first + at)))] },
            };
            await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Result(item), JsonSerializer.Serialize(result, CurriculumJson.Default.WorkResult));
        }

        var evaluation = new ArmEvaluation(key, new("runs", $"{run}/base", "00"), [new(benchmark.Name, items)]);
        await app.OverwriteAsync(StorageNames.RunsContainer, ArmEvaluation.Blob(key), JsonSerializer.Serialize(evaluation, StorageJson.Default.ArmEvaluation));
    }

    /// <summary>Stores an item that is waited for, with a claim, an incident and what a worker logged, and returns its id as it stands in addresses.</summary>
    public static async Task<string> WriteItemAsync(AppHost app, string run)
    {
        var (stage, now) = (new StageKey(new(RunId.Parse(run), "rlvr", 1), 0, 0), TimeProvider.System.GetUtcNow());
        var id = WorkItemId.Of(stage, WorkKind.Evaluate, 3);
        var item = new EvaluateItem { Id = id, Policy = new("runs", $"{run}/base", "00"), Problems = [], Samples = 0, MaxNewTokens = 1, DrawKey = "" };
        await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Item(id), JsonSerializer.Serialize<WorkItem>(item, CurriculumJson.Default.WorkItem));
        await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Claim(id), JsonSerializer.Serialize(
            new() { Worker = "one", StartedAt = now, LastProgress = now, Progress = 0.5, LastError = "the shelf is empty" }, CurriculumJson.Default.WorkClaim));
        await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Log(id, 2, "one/two"), JsonSerializer.Serialize(
            new("one/two", 2, 7, [new(now, "error", "attempt 2 of 5 failed")]), CurriculumJson.Default.WorkLog));
        await app.OverwriteAsync(StorageNames.WorkContainer, StorageNames.Log(id, 1, "one"), JsonSerializer.Serialize(
            new("one", 1, 0, [new(now - TimeSpan.FromMinutes(1), "warning", "careful")]), CurriculumJson.Default.WorkLog));
        await app.Services.GetRequiredService<OpenWaits>().WriteAsync(
            new() { Instance = $"{run}:a", Owner = WorkOwner.Of(stage), Kind = WaitKind.Results, Items = [new(id, now - TimeSpan.FromMinutes(2), 1)] }, Cancelled);
        await app.Services.GetRequiredService<Incidents>().TellAsync(run, $"Work item {id} was sent again: it fell silent.", Cancelled);
        return id.ToString()[(run.Length + 1)..].Replace('/', '.');
    }

    private static Task PoolAsync(AppHost app, string run, string pool, IReadOnlyList<Problem> problems) => app.OverwriteAsync(
        StorageNames.RunsContainer, FrozenRun.PoolName(run, pool), JsonSerializer.Serialize(problems, CurriculumJson.Default.IReadOnlyListProblem));

    private static ProblemAnswers Answer(Problem problem, bool right) => new()
    {
        ProblemId = problem.Id,
        GreedyCorrect = right,
        GreedyStepsValid = right,
        GreedyText = right ? string.Concat(problem.Steps) : "#00$",
        Samples = 4,
        SamplesCorrect = right ? 3 : 0,
        SamplesStepsValid = 0,
        Sampled = right ? [.. Enumerable.Range(0, 4).Select(at => new SampledAnswer(at < 3 ? string.Concat(problem.Steps) : "#00$", at < 3))] : null,
        MeanTokens = 10,
    };

    private static TrajectoryGroup Group(Problem problem, int right, int of) => new()
    {
        ProblemId = problem.Id,
        PromptTokens = [1, 2],
        Trajectories =
        [
            .. Enumerable.Range(0, of).Select(at => new Trajectory
            {
                Tokens = [3, 4, 5],
                LogProbs = [-0.5f, -1, -1.5f],
                Text = at < right ? string.Concat(problem.Steps) : "nonsense$",
                Terminated = true,
                Reward = at < right ? 1 : 0,
                WellFormed = at < right,
            }),
        ],
    };
}
