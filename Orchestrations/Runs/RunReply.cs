using Curriculum.Plans;
using Curriculum.Submission;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Orchestrations.Http;

namespace Orchestrations.Runs;

/// <summary>The answer to a request that starts a run.</summary>
public sealed class RunReply(RunPricing pricing)
{
    public async Task<IActionResult> OfAsync(HttpRequest request, RunPlan plan, StartedRun started, CancellationToken cancellationToken)
    {
        if (Conflict(started) is { } conflict)
            return conflict;

        var path = request.Path.Value!;
        var location = $"{request.Scheme}://{request.Host}{request.PathBase}{path[..path.IndexOf("/runs", StringComparison.Ordinal)]}/runs/{started.Run}";
        return new JsonReply<RunAccepted>(
            202,
            new(started.Run, started.PlanHash, location, started.Start == RunStart.Existing, await pricing.OfAsync(plan, cancellationToken)),
            ApiJson.Default.RunAccepted)
        {
            Location = location,
            RetryAfterSeconds = 5,
        };
    }

    /// <summary>Why a start under a key that has a run already is refused; null where it is not.</summary>
    private static IActionResult? Conflict(StartedRun started) => started.Start switch
    {
        RunStart.OtherPlan => Refusal.Of(
            409,
            ProblemCode.KeyIsTaken,
            "The key belongs to another plan.",
            $"Run {started.Run} was submitted with the plan {started.PlanHash} or goes on from elsewhere; use another {SubmitRun.KeyHeader} for this one."),
        RunStart.Purging => Refusal.Of(
            409,
            ProblemCode.BeingPurged,
            "The run is being purged.",
            $"Expected a key without a run; {started.Run} is being deleted. Submit the plan again once it is gone."),
        RunStart.Unreadable => Refusal.Unreadable("run", started.Fault!, $"Purge {started.Run}, or use another {SubmitRun.KeyHeader}."),
        _ => null,
    };
}
