using System.Runtime.CompilerServices;
using Curriculum.Problems;
using Curriculum.Training;
using Curriculum.Work;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary>The answers to validation sets and benchmarks: all of them, as evaluation stored them.</summary>
internal sealed class AnswerShelf(StoredAnswers answers, StageRecords records)
{
    public async IAsyncEnumerable<Shelf> ValidationsAsync(RunPools pools, TrajectoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Benchmark is not null || query.Pattern is not null || query.Guard is not null)
            yield break;
        foreach (var arm in pools.Evaluated.Where(arm => IsAsked(query, arm)))
        {
            var (armAt, seedAt) = pools.PlaceOf(arm);
            if (query.After is { } after && new TrajectoryPlace(1, armAt, seedAt, int.MaxValue, 0, 0, 0) < after)
                continue;
            foreach (var point in await records.ReadValidationsAsync(arm, cancellationToken))
            {
                var place = new TrajectoryPlace(1, armAt, seedAt, point.Stage.Stage, point.Stage.Attempt, point.Updates, 0);
                if ((query.Stage is { } stage && stage != point.Stage.Stage) || (query.Iteration is { } iteration && iteration != point.Iteration) || IsPassed(query, place))
                    continue;
                yield return new(place, token => ValidationAsync(pools, point, token));
            }
        }
    }

    public async IAsyncEnumerable<Shelf> BenchmarksAsync(RunPools pools, TrajectoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (query.Stage is not null || query.Iteration is not null || query.Guard is not null)
            yield break;
        foreach (var arm in pools.Evaluated.Where(arm => IsAsked(query, arm)))
        {
            var (armAt, seedAt) = pools.PlaceOf(arm);
            if (query.After is { } after && new TrajectoryPlace(2, armAt, seedAt, int.MaxValue, 0, 0, 0) < after)
                continue;
            if (await answers.EvaluationAsync(arm, cancellationToken) is not { } evaluation)
                continue;
            for (var at = 0; at < evaluation.Benchmarks.Count; at++)
            {
                var benchmark = evaluation.Benchmarks[at];
                if (query.Benchmark is { } wanted && wanted != benchmark.Benchmark)
                    continue;
                for (var chunk = 0; chunk < benchmark.Items.Count; chunk++)
                {
                    var (place, item, number) = (new TrajectoryPlace(2, armAt, seedAt, at, 0, chunk, 0), benchmark.Items[chunk], chunk);
                    if (!IsPassed(query, place))
                        yield return new(place, token => BenchmarkAsync(pools, query.Against, arm, benchmark.Benchmark, number, item, token));
                }
            }
        }
    }

    public async Task<TrajectoryDetail?> FindValidationAsync(RunPools pools, TrajectoryKey key, CancellationToken cancellationToken)
    {
        var points = await records.ReadValidationsAsync(new(pools.Run, key.Arm, key.Seed), cancellationToken);
        if (points.FirstOrDefault(point => (point.Stage.Stage, point.Stage.Attempt, point.Updates) == (key.Stage, key.Attempt, key.At)) is not { } found)
            return null;
        var entries = await ValidationAsync(pools, found, cancellationToken);
        return key.Index < entries.Count ? Detail(entries[key.Index], (await pools.ValidationAsync(cancellationToken)).ElementAtOrDefault(key.Index), []) : null;
    }

    public async Task<TrajectoryDetail?> FindBenchmarkAsync(RunPools pools, TrajectoryKey key, CancellationToken cancellationToken)
    {
        var others = new List<TrajectoryEntry>();
        IReadOnlyList<SampledAnswer>? sampled = null;
        foreach (var arm in pools.Evaluated)
        {
            var (chunk, within) = (key.Index / pools.Plan.Evaluation.ProblemsPerItem, key.Index % pools.Plan.Evaluation.ProblemsPerItem);
            if ((await answers.EvaluationAsync(arm, cancellationToken))?.Benchmarks.FirstOrDefault(one => one.Benchmark == key.Benchmark) is not { } benchmark || chunk >= benchmark.Items.Count)
                continue;
            var given = await answers.OfAsync(benchmark.Items[chunk], cancellationToken);
            if (within >= given.Count)
                continue;
            others.Add((await EntriesAsync(pools, arm, key.Benchmark!, chunk, given, cancellationToken))[within]);
            if (arm.Arm == key.Arm && arm.Seed == key.Seed)
                sampled = given[within].Sampled;
        }

        var problem = (await pools.BenchmarkAsync(key.Benchmark!, cancellationToken)).ElementAtOrDefault(key.Index);
        return others.FirstOrDefault(entry => entry.Arm == key.Arm && entry.Seed == key.Seed) is not { } own ? null : Detail(own, problem, others) with
        {
            Samples = sampled is null ? null : [.. sampled.Select(sample => CompletionReading.Of(problem, sample.Text) with { Correct = sample.Correct })],
        };
    }

    private async Task<IReadOnlyList<TrajectoryEntry>> ValidationAsync(RunPools pools, ValidatedCheckpoint point, CancellationToken cancellationToken)
    {
        var problems = await pools.ValidationAsync(cancellationToken);
        return [.. (await answers.OfAsync(point.Item, cancellationToken)).Select((answer, index) => Entry(answer, problems.ElementAtOrDefault(index)) with
        {
            Key = new TrajectoryKey(TrajectorySource.Validation, point.Stage.Arm, point.Stage.Seed, point.Stage.Stage, point.Stage.Attempt, point.Updates, null, index).ToString(),
            Source = TrajectorySource.Validation,
            Arm = point.Stage.Arm,
            Seed = point.Stage.Seed,
            Stage = point.Stage.Stage,
            Attempt = point.Stage.Attempt,
            Iteration = point.Iteration,
        })];
    }

    private async Task<IReadOnlyList<TrajectoryEntry>> BenchmarkAsync(
        RunPools pools, string? against, ArmKey arm, string benchmark, int chunk, WorkItemId item, CancellationToken cancellationToken)
    {
        var others = await AgainstAsync(pools, against, arm, benchmark, chunk, cancellationToken);
        var entries = await EntriesAsync(pools, arm, benchmark, chunk, await answers.OfAsync(item, cancellationToken), cancellationToken);
        return [.. entries.Select(entry => entry with
        {
            Pattern = others.TryGetValue(entry.Problem, out var other)
                ? (other, entry.Correct) switch
                {
                    (false, false) => AnswerPattern.Neither,
                    (false, true) => AnswerPattern.Won,
                    (true, false) => AnswerPattern.Lost,
                    _ => AnswerPattern.Both,
                }
                : null,
        })];
    }

    private static async Task<IReadOnlyList<TrajectoryEntry>> EntriesAsync(
        RunPools pools, ArmKey arm, string benchmark, int chunk, IReadOnlyList<ProblemAnswers> given, CancellationToken cancellationToken)
    {
        var problems = await pools.BenchmarkAsync(benchmark, cancellationToken);
        var first = chunk * pools.Plan.Evaluation.ProblemsPerItem;
        return [.. given.Select((answer, index) => Entry(answer, problems.ElementAtOrDefault(first + index)) with
        {
            Key = new TrajectoryKey(TrajectorySource.Benchmark, arm.Arm, arm.Seed, 0, 0, 0, benchmark, first + index).ToString(),
            Arm = arm.Arm,
            Seed = arm.Seed,
            Benchmark = benchmark,
        })];
    }

    /// <summary>Whether another arm answered each problem right: under the same seed, or under its only one.</summary>
    private async Task<Dictionary<string, bool>> AgainstAsync(RunPools pools, string? against, ArmKey arm, string benchmark, int chunk, CancellationToken cancellationToken)
    {
        var others = pools.Evaluated.Where(other => other.Arm == against).ToList();
        if ((others.FirstOrDefault(other => other.Seed == arm.Seed) ?? others.FirstOrDefault()) is not { } other
            || (await answers.EvaluationAsync(other, cancellationToken))?.Benchmarks.FirstOrDefault(one => one.Benchmark == benchmark) is not { } evaluated || chunk >= evaluated.Items.Count)
        {
            return [];
        }

        var given = await answers.OfAsync(evaluated.Items[chunk], cancellationToken);
        return given.DistinctBy(answer => answer.ProblemId).ToDictionary(answer => answer.ProblemId, answer => answer.GreedyCorrect, StringComparer.Ordinal);
    }

    private static TrajectoryEntry Entry(ProblemAnswers answer, Problem? problem) => new()
    {
        Key = "",
        Source = TrajectorySource.Benchmark,
        Arm = "",
        Seed = 0,
        Problem = answer.ProblemId,
        Question = problem?.Question,
        Text = answer.GreedyText,
        Correct = answer.GreedyCorrect,
        Samples = answer.Samples,
        SamplesCorrect = answer.SamplesCorrect,
    };

    private static TrajectoryDetail Detail(TrajectoryEntry entry, Problem? problem, IReadOnlyList<TrajectoryEntry> others) => new()
    {
        Entry = entry,
        Problem = problem,
        Completions = [CompletionReading.Of(problem, entry.Text) with { Correct = entry.Correct }],
        Others = others,
    };

    private static bool IsAsked(TrajectoryQuery query, ArmKey arm) => (query.Arm is null || arm.Arm == query.Arm) && (query.Seed is null || arm.Seed == query.Seed);

    private static bool IsPassed(TrajectoryQuery query, TrajectoryPlace place) => query.After is { } after && place with { Index = int.MaxValue } <= after;
}
