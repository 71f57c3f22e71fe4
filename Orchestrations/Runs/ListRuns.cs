using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs?limit=20&amp;before=…</c>: runs, the newest first, a page at a time.</summary>
public sealed class ListRuns(RunPages pages)
{
    [Function(nameof(ListRuns))]
    [Operation("Runs without their arms, the newest first, a page at a time")]
    [Parameter("limit", "integer", "How many; 20 by default.", Minimum = 1, Maximum = RunQuery.MaxLimit)]
    [Parameter("before", "string", "What the page before this one gave as next.")]
    [Parameter("prefix", "string", "How the ids of the runs begin.")]
    [Parameter("unfinished", "boolean", "Whether only runs that have not ended are wanted.")]
    [Answers(200, typeof(RunList), "The runs; next is absent on the last page.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var query = new RunQuery { Before = Value("before"), Prefix = Value("prefix") ?? "" };
        if (Value("limit") is { } limit)
        {
            if (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number is < 1 or > RunQuery.MaxLimit)
                return Wrong($"Expected limit from 1 to {RunQuery.MaxLimit}, found '{limit}'.");
            query = query with { Limit = number };
        }

        if (query.Before is { } before && !RunIndex.IsKey(before))
            return Wrong($"Expected before to be what a page of runs gave as next, found '{before}'.");
        if (Value("unfinished") is { } unfinished)
        {
            if (!bool.TryParse(unfinished, out var only))
                return Wrong($"Expected unfinished to be true or false, found '{unfinished}'.");
            query = query with { Unfinished = only };
        }

        var page = await pages.ReadAsync(client, query, withArms: false, cancellationToken);
        return new JsonReply<RunList>(200, page.List, ApiJson.Default.RunList);

        string? Value(string name) => request.Query[name].ToString() is { Length: > 0 } given ? given : null;
    }

    private static IActionResult Wrong(string detail) => Refusal.Of(400, ProblemCode.InvalidQuery, "The query is not valid.", detail);
}
