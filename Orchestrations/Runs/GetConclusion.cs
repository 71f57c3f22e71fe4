using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Reports;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs/{id}/verdict</c> and <c>/report</c>: what a run came to, once it has concluded.</summary>
public sealed class GetConclusion(JsonBlobs blobs)
{
    [Function("GetVerdict")]
    [Operation("verdict.json, the same for every run of one plan")]
    [Answers(200, typeof(RunVerdict), "The verdict.")]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.NotConcluded)]
    public Task<IActionResult> Verdict(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/verdict")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ReplyAsync(id, StorageNames.Verdict, "application/json; charset=utf-8", cancellationToken);

    [Function("GetReport")]
    [Operation("The report, one self-contained page")]
    [Answers(200, null, "The report.", ContentType = "text/html")]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.NotConcluded)]
    public Task<IActionResult> Report(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs/{id}/report")] HttpRequest request,
        string id,
        CancellationToken cancellationToken) =>
        ReplyAsync(id, StorageNames.Report, "text/html; charset=utf-8", cancellationToken, page => LinkedReport.Of(page, AppOf(request)));

    private static string AppOf(HttpRequest request)
    {
        var path = request.Path.Value!;
        return $"{request.Scheme}://{request.Host}{request.PathBase}{path[..path.IndexOf("/runs", StringComparison.Ordinal)]}/app";
    }

    private async Task<IActionResult> ReplyAsync(
        string id, Func<string, string> name, string contentType, CancellationToken cancellationToken, Func<string, string>? rewritten = null)
    {
        if (!RunId.IsValid(id) || !await blobs.Blob(StorageNames.RunsContainer, StorageNames.Plan(id)).ExistsAsync(cancellationToken))
            return Refusal.UnknownRun(id);
        var blob = blobs.Blob(StorageNames.RunsContainer, name(id));
        return await blob.ExistsAsync(cancellationToken)
            ? new BlobReply(blob, contentType) { Rewritten = rewritten }
            : Refusal.Of(404, ProblemCode.NotConcluded, "The run has not concluded.", $"Run {id} has no {name(id)} yet; its status says where it stands.");
    }
}
