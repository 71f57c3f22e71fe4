using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;

namespace Orchestrations.Storage;

/// <summary>The stored submission, <c>{run}/plan.json</c>: created once, it decides what a key means.</summary>
public sealed record PlanRecord(RunId Run, string PlanHash, DateTimeOffset SubmittedAt, RunPlan Plan)
{
    /// <summary>The run that this one goes on from; null for one that begins with its base.</summary>
    public RunOrigin? From { get; init; }
}
