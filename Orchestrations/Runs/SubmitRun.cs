using Curriculum.Costs;
using Curriculum.Plans;
using Curriculum.Submission;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>POST /api/runs</c>: a plan in, a run out; a bad plan is refused whole before anything is stored.</summary>
public sealed class SubmitRun(RunStarter starter, BaseModels models, JsonBlobs blobs, RunPricing pricing, RunReply reply)
{
    /// <summary>Header that makes a submission repeatable: one key, one run.</summary>
    public const string KeyHeader = "Idempotency-Key";

    internal const int MaxPlanBytes = 1024 * 1024;
    internal const int MaxKeyLength = 200;

    /// <summary>Refuses a key that is longer than <see cref="MaxKeyLength"/>.</summary>
    internal static IActionResult KeyTooLong(int found) => Refusal.Of(
        400, ProblemCode.InvalidKey, "The key is too long.", $"Expected {KeyHeader} of at most {MaxKeyLength} characters, found {found}.");

    [Function(nameof(SubmitRun))]
    [Operation("Submit a plan")]
    [Takes(typeof(RunPlan))]
    [Parameter(KeyHeader, "string", "Makes the submission repeatable: one key, one run. The same key with another plan is refused; without a key every submission is a new run.",
        IsHeader = true, Maximum = MaxKeyLength)]
    [Answers(202, typeof(RunAccepted), "The run, new or found under its key.", HasLocation = true)]
    [Refuses(400, ProblemCode.InvalidDocument, ProblemCode.InvalidKey)]
    [Refuses(409, ProblemCode.KeyIsTaken, ProblemCode.BeingPurged, ProblemCode.Unreadable)]
    [Refuses(413, ProblemCode.TooLarge)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (await BoundedBody.ReadAsync(request, MaxPlanBytes, cancellationToken) is not { } body)
            return Refusal.TooLarge("plan", MaxPlanBytes);
        var key = request.Headers[KeyHeader].ToString();
        if (key.Length > MaxKeyLength)
            return KeyTooLong(key.Length);

        var reading = PlanReader.Read(body);
        List<PlanViolation> violations = [.. reading.Violations, .. await MissingAsync(reading, cancellationToken)];
        if (reading.Plan is { } priced && CostCap.Check(priced, await pricing.OfAsync(priced, cancellationToken)) is { } over)
            violations.Add(over);
        if (violations.Count > 0 || reading.Plan is not { } plan)
            return Refusal.Of(violations);

        var started = await starter.StartAsync(
            client, key.Length > 0 ? RunId.OfKey(key) : RunId.New(plan.Name), plan, cancellationToken);
        return await reply.OfAsync(request, plan, started, cancellationToken);
    }

    /// <summary>What the plan names and storage lacks.</summary>
    private async Task<IReadOnlyList<PlanViolation>> MissingAsync(PlanReading reading, CancellationToken cancellationToken)
    {
        var missing = new List<PlanViolation>();
        if (reading.Draft is not { } plan)
            return missing;
        if (plan.Base.Model is { } model && reading.IsSound("/base/model") && await models.MissingAsync(model, cancellationToken) is { } absent)
            missing.Add(new("/base/model", absent));
        var sets = plan.Evaluation.Benchmarks
            .Select((benchmark, index) => (Pointer: FormattableString.Invariant($"/evaluation/benchmarks/{index}/dataset"), Set: (ProblemSetPlan)benchmark))
            .Prepend(("/evaluation/validation/dataset", plan.Evaluation.Validation))
            .Prepend(("/training/dataset", plan.Training));
        foreach (var (pointer, set) in sets)
        {
            if (set.Dataset is { } dataset && reading.IsSound(pointer) && !await blobs.Blob(Curriculum.Work.StorageNames.DatasetsContainer, dataset).ExistsAsync(cancellationToken))
                missing.Add(new(pointer, $"Expected the blob datasets/{dataset}; it does not exist. Upload the data set first."));
        }

        return missing;
    }
}
