using Curriculum.Plans;

namespace Orchestrations.Storage;

/// <summary>The stored submission, <c>{run}/plan.json</c>: created once, it decides what a key means.</summary>
public sealed record PlanRecord(string Run, string PlanHash, DateTimeOffset SubmittedAt, RunPlan Plan);
