using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;
using Orchestrations.Http;
using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary><c>GET /api/runs?limit=20&amp;before=…</c>: runs, the newest first unless another order is asked for, a page at a time.</summary>
public sealed class ListRuns(RunPages pages)
{
    [Function(nameof(ListRuns))]
    [Operation("Runs, the newest first, a page at a time")]
    [Parameter("limit", "integer", "How many; 20 by default.", Minimum = 1, Maximum = RunQuery.MaxLimit)]
    [Parameter("before", "string", "What the page before this one gave as next.")]
    [Parameter("prefix", "string", "How the ids of the runs begin.")]
    [Parameter("search", "string", "What the ids of the runs contain.")]
    [Parameter("unfinished", "boolean", "Whether only runs that have not ended are wanted.")]
    [Parameter("state", "string", "A state of RunStatus: only runs in it are wanted. A page may be short, and next goes on.")]
    [Parameter("order", "string", "newest, which is the default, oldest or id.")]
    [Parameter("arms", "boolean", "Whether arms, incidents and usage are wanted too.")]
    [Answers(200, typeof(RunList), "The runs; next is absent on the last page.")]
    [Refuses(400, ProblemCode.InvalidQuery)]
    public async Task<IActionResult> Run(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "runs")] HttpRequest request,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        var (query, fault) = Read(request.Query);
        return query is null
            ? Refusal.Of(400, ProblemCode.InvalidQuery, "The query is not valid.", fault!)
            : new JsonReply<RunList>(200, await pages.ReadAsync(client, query, cancellationToken), ApiJson.Default.RunList);
    }

    private static (RunQuery? Query, string? Fault) Read(IQueryCollection given)
    {
        var query = new RunQuery();
        foreach (var (name, values) in given)
        {
            if (values.ToString() is not { Length: > 0 } value)
                continue;
            var (next, expected) = name switch
            {
                "limit" => (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= RunQuery.MaxLimit
                    ? query with { Limit = number } : null, $"limit from 1 to {RunQuery.MaxLimit}"),
                "before" => (RunIndex.IsKey(value) ? query with { Before = value } : null, "before to be what a page of runs gave as next"),
                "prefix" => (query with { Prefix = value }, ""),
                "search" => (query with { Search = value }, ""),
                "unfinished" => (bool.TryParse(value, out var unfinished) ? query with { Unfinished = unfinished } : null, "unfinished to be true or false"),
                "arms" => (bool.TryParse(value, out var arms) ? query with { WithArms = arms } : null, "arms to be true or false"),
                "order" => (Named<RunOrder>(value) is { } order ? query with { Order = order } : null, "order to be newest, oldest or id"),
                "state" => (Named<RunState>(value) is { } state ? query with { State = state } : null, $"state to be one of {string.Join(", ", Enum.GetValues<RunState>().Select(ApiJson.Code))}"),
                _ => (query, ""),
            };
            if (next is null)
                return (null, $"Expected {expected}, found '{value}'.");
            query = next;
        }

        return (query, null);
    }

    private static T? Named<T>(string text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var member) && Enum.GetName(member)!.Equals(text, StringComparison.OrdinalIgnoreCase) ? member : null;
}
