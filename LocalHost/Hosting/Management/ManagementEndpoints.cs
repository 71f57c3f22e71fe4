using System.Text.Json;
using LocalHost.Durable;
using LocalHost.Durable.History;
using LocalHost.Durable.Scheduling;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace LocalHost.Hosting.Management;

/// <summary>The official host's HTTP API over orchestration instances, at <c>/runtime/webhooks/durabletask</c>.</summary>
internal sealed class ManagementEndpoints(DurableEngine engine, IDurableFunctions functions, HostKeys keys, HubGate gate)
{
    public const string Base = "/runtime/webhooks/durabletask";

    public void Map(IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup(Base).AddEndpointFilter(async (context, next) =>
            keys.Opens(context.HttpContext.Request, AuthorizationLevel.System)
                ? RefusalOf(context.HttpContext.Request) ?? await gate.RefusalAsync(context.HttpContext) ?? await next(context)
                : Results.StatusCode(StatusCodes.Status401Unauthorized));
        api.MapGet("instances", ListAsync);
        api.MapDelete("instances", PurgeManyAsync);
        api.MapGet("instances/{id}", StatusAsync);
        api.MapDelete("instances/{id}", PurgeAsync);
        api.MapPost("instances/{id}/raiseEvent/{name}", RaiseEventAsync);
        api.MapPost("instances/{id}/terminate", (string id, string? reason, CancellationToken token) =>
            AnswerAsync(engine.TerminateAsync(id, engine.Converter.Serialize(reason), recursive: true, token)));
        api.MapPost("instances/{id}/suspend", (string id, string? reason, CancellationToken token) =>
            AnswerAsync(engine.SuspendAsync(id, reason, token)));
        api.MapPost("instances/{id}/resume", (string id, string? reason, CancellationToken token) =>
            AnswerAsync(engine.ResumeAsync(id, reason, token)));
        api.MapPost("orchestrators/{name}/{id?}", StartAsync);
    }

    private async Task<IResult> StatusAsync(
        string id, bool? showHistory, bool? showHistoryOutput, bool? showInput, bool? returnInternalServerErrorOnFailure,
        HttpContext context, CancellationToken token)
    {
        if (await engine.FindAsync(id, withPayloads: true, token) is not { } state)
            return Results.NotFound();
        var status = InstanceJson.Status(state, showInput ?? true);
        if (showHistory == true && await engine.ReadHistoryAsync(id, token) is { } history)
            status["historyEvents"] = HistoryJsonView.Of(history, showHistoryOutput ?? false);

        if (!state.HasEnded)
        {
            context.Response.Headers.Location = context.Request.GetEncodedUrl();
            context.Response.Headers.RetryAfter = "5";
            return Results.Json(status, statusCode: StatusCodes.Status202Accepted);
        }

        var failed = state.Status == OrchestrationRuntimeStatus.Failed && returnInternalServerErrorOnFailure == true;
        return Results.Json(status, statusCode: failed ? StatusCodes.Status500InternalServerError : StatusCodes.Status200OK);
    }

    private async Task<IResult> ListAsync(
        DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? runtimeStatus, string? instanceIdPrefix, int? top, bool? showInput,
        HttpContext context, CancellationToken token)
    {
        try
        {
            var page = await engine.ListAsync(
                new(createdTimeFrom, createdTimeTo, Statuses(runtimeStatus), null, instanceIdPrefix,
                    top ?? OrchestrationQuery.DefaultPageSize, FetchInputsAndOutputs: true, context.Request.Headers[InstanceJson.ContinuationHeader]),
                token);
            if (page.ContinuationToken is { } next)
                context.Response.Headers[InstanceJson.ContinuationHeader] = next;
            return Results.Json(page.Values.Select(s => InstanceJson.Status(s, showInput ?? true)));
        }
        catch (ArgumentException e)
        {
            return Refused(e.Message);
        }
    }

    private async Task<IResult> PurgeAsync(string id, CancellationToken token) =>
        await engine.FindAsync(id, withPayloads: false, token) is null
            ? Results.NotFound()
            : Results.Json(new { instancesDeleted = await engine.PurgeAsync(id, recursive: false, token) });

    private async Task<IResult> PurgeManyAsync(
        DateTimeOffset? createdTimeFrom, DateTimeOffset? createdTimeTo, string? runtimeStatus, CancellationToken token)
    {
        if (createdTimeFrom is null)
            return Refused("Please provide value for 'createdTimeFrom' parameter.");
        var purged = await engine.Client.PurgeAllInstancesAsync(new(createdTimeFrom, createdTimeTo, Statuses(runtimeStatus)), token);
        return purged.PurgedInstanceCount == 0 ? Results.NotFound() : Results.Json(new { instancesDeleted = purged.PurgedInstanceCount });
    }

    private async Task<IResult> RaiseEventAsync(string id, string name, HttpRequest request, CancellationToken token)
    {
        // In the official order: what the instance is comes before what the request holds.
        if (await engine.FindAsync(id, withPayloads: false, token) is not { } state)
            return Results.NotFound();
        if (state.HasEnded)
            return Results.StatusCode(StatusCodes.Status410Gone);
        if (!request.HasJsonContentType())
            return Refused("Only application/json request content is supported");
        var (text, isJson) = await InstanceJson.ReadBodyAsync(request, token);
        return isJson ? await AnswerAsync(engine.RaiseEventAsync(id, name, text, token)) : Refused("Invalid JSON content");
    }

    private async Task<IResult> StartAsync(string name, string? id, HttpContext context, CancellationToken token)
    {
        if (functions.FindOrchestrator(name) is null)
            return Refused($"The app has no orchestrator '{name}'.");
        var (input, isJson) = await InstanceJson.ReadBodyAsync(context.Request, token);
        if (!isJson)
            return Refused("Invalid JSON content");
        try
        {
            var options = id is null ? null : new StartOrchestrationOptions(id);
            var started = await engine.StartInstanceAsync(name, input, options, token);
            var links = new ManagementLinks(context.Request, started, engine.Client.Name, keys.Durable);
            context.Response.Headers.Location = links.StatusQueryGetUri;
            context.Response.Headers.RetryAfter = "10";
            return Results.Json(links, statusCode: StatusCodes.Status202Accepted);
        }
        catch (ArgumentException e)
        {
            return Refused(e.Message);
        }
        catch (InvalidOperationException e)
        {
            return Results.Json(new { message = e.Message }, statusCode: StatusCodes.Status409Conflict);
        }
    }

    private static async Task<IResult> AnswerAsync(Task<Delivery> sent) => await sent switch
    {
        Delivery.Accepted => Results.StatusCode(StatusCodes.Status202Accepted),
        Delivery.Ended => Results.StatusCode(StatusCodes.Status410Gone),
        _ => Results.NotFound(),
    };

    private static IResult Refused(string message) => Results.Json(new { message }, statusCode: StatusCodes.Status400BadRequest);

    /// <summary>A task hub that this host does not run is refused, since it would otherwise seem empty.</summary>
    private IResult? RefusalOf(HttpRequest request) =>
        request.Query["taskHub"].FirstOrDefault() is { Length: > 0 } hub && !hub.Equals(engine.Client.Name, StringComparison.OrdinalIgnoreCase)
            ? Refused($"This host runs the task hub '{engine.Client.Name}' and not '{hub}'.")
            : null;

    private static List<OrchestrationRuntimeStatus>? Statuses(string? names)
    {
        List<OrchestrationRuntimeStatus> found =
        [
            .. (names ?? "").Split(',')
                .Where(n => Enum.TryParse<OrchestrationRuntimeStatus>(n, ignoreCase: true, out _))
                .Select(n => Enum.Parse<OrchestrationRuntimeStatus>(n, ignoreCase: true)),
        ];
        return found.Count == 0 ? null : found;
    }
}
