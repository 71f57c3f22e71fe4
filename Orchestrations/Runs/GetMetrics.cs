using System.Globalization;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs/{id}/metrics</c> and <c>/checkpoints</c>: what was measured so far, and what a fork may go on from.</summary>
public sealed class GetMetrics(FrozenRun frozen, MetricsReader metrics, StageStates states)
{
    private const int MostPoints = 100_000;

    [Function(nameof(GetMetrics))]
    [Operation("Every figure of every iteration so far, attempt by attempt, with outcomes, gates and alarms")]
    [Parameter("arm", "string", "An arm's name; all by default.")]
    [Parameter("seed", "integer", "A seed; all by default.", Minimum = int.MinValue)]
    [Parameter("points", "integer", "Most points of a line: more are thinned out to means of neighbours. By default all are there.", Minimum = 1, Maximum = MostPoints)]
    [Answers(200, typeof(RunMetrics), "The figures.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/metrics")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        int? seed = null;
        var most = MostPoints;
        if (request.Query["seed"].ToString() is { Length: > 0 } text)
        {
            if (!int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return Refusal.Of(400, ProblemCode.InvalidQuery, "The query is not valid.", $"Expected seed as a whole number, found '{text}'.");
            seed = number;
        }

        if (request.Query["points"].ToString() is { Length: > 0 } points
            && (!int.TryParse(points, NumberStyles.None, CultureInfo.InvariantCulture, out most) || most is < 1 or > MostPoints))
        {
            return Refusal.Of(400, ProblemCode.InvalidQuery, "The query is not valid.", $"Expected points from 1 to {MostPoints}, found '{points}'.");
        }

        return RunId.IsValid(id) && await frozen.FindAsync(id, cancellationToken) is { } record
            ? new JsonReply<RunMetrics>(
                200, await metrics.ReadAsync(record.Run, record.Plan, request.Query["arm"].ToString() is { Length: > 0 } arm ? arm : null, seed, most, cancellationToken), ApiJson.Default.RunMetrics)
            : Refusal.UnknownRun(id);
    }

    [Function("ListCheckpoints")]
    [Operation("The checkpoints that a fork may go on from")]
    [Answers(200, typeof(CheckpointList), "By arm, seed, stage, attempt and updates.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Checkpoints(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/checkpoints")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(id) || await frozen.FindAsync(id, cancellationToken) is not { } record)
            return Refusal.UnknownRun(id);
        var kept = new List<KeptCheckpoint>();
        foreach (var arm in record.Plan.Arms.Where(arm => arm.Stages.Count > 0))
        {
            foreach (var seed in record.Plan.Seeds)
            {
                kept.AddRange((await states.KeptAsync(new(record.Run, arm.Name, seed), cancellationToken))
                    .Select(point => new KeptCheckpoint(arm.Name, seed, point.Key.Stage, point.Key.Attempt, point.Ledger.Updates)));
            }
        }

        return new JsonReply<CheckpointList>(200, new(kept), ApiJson.Default.CheckpointList);
    }
}
