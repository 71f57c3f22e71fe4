using Curriculum.Plans;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The stored submission, <c>{run}/plan.json</c>: created once, it decides what a key means.</summary>
public sealed record PlanRecord(RunId Run, string PlanHash, DateTimeOffset SubmittedAt, RunPlan Plan)
{
    /// <summary>The run that this one goes on from; null for one that begins with its base.</summary>
    public RunOrigin? From { get; init; }
}

/// <summary>Where a run goes on from.</summary>
/// <param name="Run">The run whose checkpoints are copied.</param>
/// <param name="Retry">Whether what failed is done again and all else is taken as it is; else a fork, which goes on from checkpoints.</param>
/// <param name="Stage">The stage whose checkpoint a fork goes on from; null for each arm's newest.</param>
/// <param name="Updates">The checkpoint's updates; null for the stage's newest.</param>
public sealed record RunOrigin(RunId Run, bool Retry, int? Stage = null, int? Updates = null);
