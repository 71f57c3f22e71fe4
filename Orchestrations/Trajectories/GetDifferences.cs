using Curriculum.Evaluation;
using Curriculum.Plans;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary><c>GET /api/runs/{id}/differences?to=…</c>: a run's arms beside another run's, over the same problems and seeds.</summary>
internal sealed class GetDifferences(JsonBlobs blobs, FrozenRun frozen, StoredAnswers answers)
{
    /// <summary>Someone waits for it; a verdict takes as many as its plan says.</summary>
    private const int MostDraws = 2000;

    [Function(nameof(GetDifferences))]
    [Operation("How a concluded run's arms answer the benchmark of its verdict beside another run's, in pairs of problems and seeds")]
    [Parameter("to", "string", "The other run's id.", IsRequired = true)]
    [Answers(200, typeof(RunDifferences), "Arm by arm, this run minus the other; where there are no pairs it is said why.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.NotConcluded)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/differences")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        var to = request.Query["to"].ToString();
        if (to.Length == 0)
            return Refusal.Of(400, ProblemCode.InvalidQuery, "No other run is named.", "Expected the other run's id as ?to=.");
        var verdicts = new List<(PlanRecord Record, RunVerdict Verdict)>();
        foreach (var run in (string[])[id, to])
        {
            if (!RunId.IsValid(run) || await frozen.FindAsync(run, cancellationToken) is not { } record)
                return Refusal.UnknownRun(run);
            switch (await blobs.LookAsync(StorageNames.RunsContainer, StorageNames.Verdict(run), VerdictJson.Default.RunVerdict, cancellationToken))
            {
                case Stored<RunVerdict>.Found found:
                    verdicts.Add((record, found.Value));
                    break;
                case Stored<RunVerdict>.Unreadable unreadable:
                    return Refusal.Unreadable("verdict", unreadable.Reason, $"Compare {run} no more.");
                default:
                    return Refusal.Of(404, ProblemCode.NotConcluded, "A run has not concluded.", $"Expected the verdict of {run}, found none.");
            }
        }

        var (one, other) = (verdicts[0], verdicts[1]);
        var draws = Math.Min(MostDraws, one.Record.Plan.Evaluation.BootstrapDraws);
        var arms = new List<ArmDifference>();
        foreach (var arm in one.Verdict.Arms)
        {
            if (other.Verdict.Arms.FirstOrDefault(candidate => candidate.Arm == arm.Arm) is { } same)
                arms.Add(await OfAsync(one, other, arm, same, draws, cancellationToken));
        }

        return new JsonReply<RunDifferences>(
            200,
            new() { Run = id, To = to, Benchmark = one.Verdict.Benchmark, Metric = one.Verdict.PrimaryMetric, Confidence = one.Verdict.Confidence, Draws = draws, Arms = arms },
            ApiJson.Default.RunDifferences);
    }

    private async Task<ArmDifference> OfAsync(
        (PlanRecord Record, RunVerdict Verdict) one, (PlanRecord Record, RunVerdict Verdict) other, ArmVerdict arm, ArmVerdict same, int draws, CancellationToken cancellationToken)
    {
        ArmDifference None(string why) => new(arm.Arm, [], 0, null, why);

        if (one.Verdict.Benchmark != other.Verdict.Benchmark || one.Verdict.PrimaryMetric != other.Verdict.PrimaryMetric)
            return None("Their verdicts are about other benchmarks or metrics.");
        int[] seeds = [.. Whole(arm).Intersect(Whole(same))];
        if (seeds.Length == 0)
            return None("They have no training seed in common.");
        var pairs = new List<(IReadOnlyList<ProblemAnswers>, IReadOnlyList<ProblemAnswers>)>();
        foreach (var seed in seeds)
        {
            var left = await answers.OfAsync(new(one.Record.Run, arm.Arm, seed), one.Verdict.Benchmark, cancellationToken);
            var right = await answers.OfAsync(new(other.Record.Run, arm.Arm, seed), one.Verdict.Benchmark, cancellationToken);
            if (left.Count == 0 || right.Count == 0)
                return None("Their answers are not there any more.");
            if (!PairedRuns.AreOfOneKind(left, right))
                return None("They answered other problems.");
            pairs.Add((left, right));
        }

        if (!await HaveOnePoolAsync(one.Record, other.Record, one.Verdict.Benchmark, cancellationToken))
            return None("They answered other problems.");
        var problems = pairs[0].Item1.Count;
        return new(arm.Arm, seeds, problems, PairedRuns.Difference(pairs, one.Verdict.PrimaryMetric, one.Verdict.Confidence, draws, $"{one.Verdict.Benchmark}/{arm.Arm}"), null);
    }

    /// <summary>Ids of problems out of a data set say only where they stood in it.</summary>
    private async Task<bool> HaveOnePoolAsync(PlanRecord one, PlanRecord other, string benchmark, CancellationToken cancellationToken)
    {
        var left = await new RunPools(frozen, one.Run, one.Plan).BenchmarkAsync(benchmark, cancellationToken);
        var right = await new RunPools(frozen, other.Run, other.Plan).BenchmarkAsync(benchmark, cancellationToken);
        return left.Select(problem => (problem.Question, problem.Answer)).SequenceEqual(right.Select(problem => (problem.Question, problem.Answer)));
    }

    /// <summary>The seeds that did not fail.</summary>
    private static IEnumerable<int> Whole(ArmVerdict arm) => arm.Seeds.Where(seed => seed.Failure is null).Select(seed => seed.Seed);
}
