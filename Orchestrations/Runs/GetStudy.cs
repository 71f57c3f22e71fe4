using Curriculum.Evaluation;
using Curriculum.Work;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/study?run=a&amp;run=b</c>: the concluded runs of one question over several bases, held together.</summary>
public sealed class GetStudy(JsonBlobs blobs)
{
    private const int MostRuns = 50;

    [Function(nameof(GetStudy))]
    [Operation("Concluded runs of one question over several bases, held together: what is general, and how it depends on the base")]
    [Parameter("run", "array", "A run's id; repeated for each run.", IsRequired = true)]
    [Answers(200, typeof(Study), "The study.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    [Refuses(404, ProblemCode.UnknownRun, ProblemCode.NotConcluded)]
    [Refuses(409, ProblemCode.Unreadable)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "study")] HttpRequest request, CancellationToken cancellationToken)
    {
        string[] runs = [.. request.Query["run"].OfType<string>().Distinct(StringComparer.Ordinal)];
        if (runs.Length is < 1 or > MostRuns)
            return Refusal.Of(400, ProblemCode.InvalidQuery, "No runs are named.", $"Expected 1 to {MostRuns} runs as ?run=a&run=b, found {runs.Length}.");

        var verdicts = new List<RunVerdict>();
        foreach (var run in runs)
        {
            if (!RunId.IsValid(run))
                return Refusal.UnknownRun(run);
            switch (await blobs.LookAsync(StorageNames.RunsContainer, StorageNames.Verdict(run), VerdictJson.Default.RunVerdict, cancellationToken))
            {
                case Stored<RunVerdict>.Found found:
                    verdicts.Add(found.Value);
                    break;
                case Stored<RunVerdict>.Unreadable unreadable:
                    return Refusal.Unreadable("verdict", unreadable.Reason, $"Leave {run} out.");
                default:
                    return Refusal.Of(404, ProblemCode.NotConcluded, "A run has not concluded.", $"Expected the verdict of {run}, found none.");
            }
        }

        return new JsonReply<Study>(200, Study.Of(verdicts), StudyJson.Default.Study);
    }
}
