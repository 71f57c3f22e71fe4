using System.Collections.Concurrent;
using System.Text.Json;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs/{id}/plan</c>: the plan as it is run, and which of its values are defaults.</summary>
public sealed class GetPlan(FrozenRun frozen)
{
    private const int Remembered = 64;

    /// <summary>By the hash of the plan as it is stored, which fixes them.</summary>
    private static readonly ConcurrentDictionary<string, IReadOnlyList<string>> Defaults = new(StringComparer.Ordinal);

    [Function(nameof(GetPlan))]
    [Operation("The plan with every default filled in, and which values are defaults")]
    [Answers(200, typeof(RunPlanView), "The plan.")]
    [Refuses(404, ProblemCode.UnknownRun)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/plan")] HttpRequest request,
        string id,
        CancellationToken cancellationToken)
    {
        if (!RunId.IsValid(id) || await frozen.FindAsync(id, cancellationToken) is not { } record)
            return Refusal.UnknownRun(id);
        if (Defaults.Count >= Remembered)
            Defaults.Clear();
        return new JsonReply<RunPlanView>(
            200,
            new(
                id, record.PlanHash, record.SubmittedAt, JsonSerializer.SerializeToElement(record.Plan, CurriculumJson.Default.RunPlan),
                Defaults.GetOrAdd(PlanHash.Of(record.Plan), _ => PlanDefaults.Of(record.Plan))),
            ApiJson.Default.RunPlanView);
    }
}
