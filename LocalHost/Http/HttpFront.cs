using System.Net;
using LocalHost.Rpc;
using LocalHost.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.Primitives;
using Yarp.ReverseProxy.Forwarder;

namespace LocalHost.Http;

/// <summary>The host's address: loopback only; 503 until the app is ready and once it stops, then its HTTP functions and the management endpoints.</summary>
internal sealed class HttpFront : IAsyncDisposable
{
    private const long MostBytes = 100 * 1024 * 1024;

    private readonly WebApplication _app;
    private readonly FunctionRoutes _routes = new();
    private volatile bool _open;

    private HttpFront(WebApplication app)
    {
        _app = app;
        Requests = new(new(app.Services.GetRequiredService<IHttpForwarder>()));
    }

    public PendingRequests Requests { get; }

    public Uri Url => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    /// <summary>Listens, and answers 503 to everything.</summary>
    public static async Task<HttpFront> StartAsync(int port, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging.ClearProviders());
        builder.Services.AddRouting().AddHttpForwarder();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = MostBytes;
            server.Listen(IPAddress.Loopback, port);
        });
        var front = new HttpFront(builder.Build());
        front._app.Use(front.GateAsync);
        front._app.UseRouting();
        ((IEndpointRouteBuilder)front._app).DataSources.Add(front._routes);
        await front._app.StartAsync(cancellationToken);
        return front;
    }

    /// <summary>Answers from here on.</summary>
    /// <param name="prefix">What stands before the functions' routes.</param>
    /// <param name="call">Calls a function by its place in the list, for a request.</param>
    public void Open(
        IReadOnlyList<WorkerFunction> functions, string prefix, HostKeys keys, Func<int, HttpContext, Task> call, RequestDelegate management)
    {
        var endpoints = new List<Endpoint>();
        for (var index = 0; index < functions.Count; index++)
        {
            if (functions[index].Trigger.Is("httpTrigger"))
                endpoints.Add(Of(functions[index], index, prefix, keys, call));
        }

        endpoints.Add(new RouteEndpoint(
            context => GuardedAsync(context, keys, "System", () => management(context)),
            RoutePatternFactory.Parse($"{ManagementEndpoints.Path}/{{**rest}}"), order: 0, EndpointMetadataCollection.Empty, "durable management"));
        _routes.Set(endpoints);
        _open = true;
    }

    /// <summary>Answers 503 from here on; requests that were let in go on.</summary>
    public void Close() => _open = false;

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _routes.Dispose();
    }

    private async Task GateAsync(HttpContext context, RequestDelegate next)
    {
        if (_open)
        {
            await next(context);
            return;
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        context.Response.Headers.RetryAfter = "1";
    }

    private static RouteEndpoint Of(WorkerFunction function, int index, string prefix, HostKeys keys, Func<int, HttpContext, Task> call)
    {
        var trigger = function.Trigger;
        var level = trigger.Text("authLevel") ?? "Function";
        var route = trigger.Text("route") is { Length: > 0 } given ? given : function.Name;
        var path = prefix.Length > 0 ? $"/{prefix}/{route}" : $"/{route}";
        var methods = trigger.Json["methods"]?.AsArray().Select(method => ((string)method!).ToUpperInvariant()).ToList();
        return new(
            context => TracedAsync(context, path, () => GuardedAsync(context, keys, level, () => call(index, context))),
            RoutePatternFactory.Parse(path),
            order: 0,
            methods is { Count: > 0 } ? new(new HttpMethodMetadata(methods)) : EndpointMetadataCollection.Empty,
            function.Name);
    }

    private static async Task TracedAsync(HttpContext context, string route, Func<Task> answer)
    {
        using var span = HostTelemetry.StartRequest(context.Request, route);
        await answer();
        span.Answer(context.Response.StatusCode);
    }

    private static async Task GuardedAsync(HttpContext context, HostKeys keys, string level, Func<Task> answer)
    {
        var status = keys.Check(context.Request, level);
        if (status == StatusCodes.Status200OK)
            await answer();
        else
            context.Response.StatusCode = status;
    }

    /// <summary>Endpoints that are known only once the worker process has named its functions.</summary>
    private sealed class FunctionRoutes : EndpointDataSource, IDisposable
    {
        private CancellationTokenSource _changed = new();
        private IReadOnlyList<Endpoint> _endpoints = [];

        public override IReadOnlyList<Endpoint> Endpoints => _endpoints;

        public override IChangeToken GetChangeToken() => new CancellationChangeToken(_changed.Token);

        public void Set(IReadOnlyList<Endpoint> endpoints)
        {
            _endpoints = endpoints;
            var before = Interlocked.Exchange(ref _changed, new());
            before.Cancel();
            before.Dispose();
        }

        public void Dispose() => _changed.Dispose();
    }
}
