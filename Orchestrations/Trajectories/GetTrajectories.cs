using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Trajectories;

/// <summary><c>GET /api/runs/{id}/trajectories</c> and <c>/trajectories/{key}</c>: what the policies wrote.</summary>
internal sealed class GetTrajectories(TrajectoryPages pages, FrozenRun frozen)
{
    [Function("ListTrajectories")]
    [Operation("What the policies wrote, a page at a time: some groups of every iteration, all answers to validation sets and benchmarks")]
    [Parameter("limit", "integer", "How many; 50 by default.", Minimum = 1, Maximum = TrajectoryQuery.MaxLimit)]
    [Parameter("after", "string", "What the page before this one gave as next.")]
    [Parameter("source", "string", "rollout, validation or benchmark; all by default.")]
    [Parameter("arm", "string", "An arm's name.")]
    [Parameter("seed", "integer", "A seed; 0 for an arm that does not train.", Minimum = int.MinValue)]
    [Parameter("stage", "integer", "A stage, from 0.")]
    [Parameter("iteration", "integer", "An iteration, from 0; -1 is a stage's start.", Minimum = -1)]
    [Parameter("benchmark", "string", "A benchmark's name.")]
    [Parameter("problem", "string", "A problem's id.")]
    [Parameter("correct", "boolean", "Whether the answer is to be right.")]
    [Parameter("minReward", "number", "The least mean reward of a group.")]
    [Parameter("maxReward", "number", "The greatest mean reward of a group.")]
    [Parameter("guard", "string", "A guard that fired at the iteration, such as length-collapse.")]
    [Parameter("against", "string", "The arm that answers to benchmarks are held against.")]
    [Parameter("pattern", "string", "Beside against: won (by this arm, not by the other), lost, both or neither.")]
    [Answers(200, typeof(TrajectoryList), "The trajectories; next is absent on the last page.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> List(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/trajectories")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        var (query, fault) = TrajectoryQuery.Read(request.Query);
        if (query is null)
            return Refusal.Of(400, ProblemCode.InvalidQuery, "The query is not valid.", fault!);
        return await pages.ListAsync(id, query, cancellationToken) is { } list
            ? new JsonReply<TrajectoryList>(200, list, ApiJson.Default.TrajectoryList)
            : Refusal.UnknownRun(id);
    }

    [Function("GetTrajectory")]
    [Operation("One trajectory: its problem, its completions side by side, and how the other arms answered")]
    [Answers(200, typeof(TrajectoryDetail), "The trajectory.")]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.UnknownTrajectory)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Get(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/trajectories/{key}")] HttpRequest request,
        string id,
        string key,
        CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(id) || await frozen.FindAsync(id, cancellationToken) is null)
            return Refusal.UnknownRun(id);
        return TrajectoryKey.Parse(key) is { } parsed && await pages.FindAsync(id, parsed, cancellationToken) is { } detail
            ? new JsonReply<TrajectoryDetail>(200, detail, ApiJson.Default.TrajectoryDetail)
            : Refusal.Of(404, ProblemCode.UnknownTrajectory, "There is no such trajectory.", $"Expected the key of a trajectory that run {id} keeps, found '{key}'.");
    }
}
