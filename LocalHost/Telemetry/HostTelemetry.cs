using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using OpenTelemetry;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LocalHost.Telemetry;

/// <summary>Sends the host's own spans, of requests, orchestrations and activities, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says; nothing without it.</summary>
/// <remarks>As the official host does where host.json says <c>telemetryMode</c> OpenTelemetry. The app sends its own from its process.</remarks>
internal static class HostTelemetry
{
    private static readonly ActivitySource Requests = new("LocalHost");

    private static readonly string[] Sources = [Requests.Name, "DurableTask.*", "WebJobs.*"];

    /// <summary>The span of a request, below the caller's if it has one.</summary>
    /// <remarks>The web server's own would also be of what the app asks the durable extension, whose callers have none.</remarks>
    public static Activity? StartRequest(HttpRequest request, string route)
    {
        if (!Requests.HasListeners())
            return null;
        Activity.Current = null;
        _ = ActivityContext.TryParse(request.Headers.TraceParent, request.Headers.TraceState, isRemote: true, out var caller);
        return Requests.StartActivity($"{request.Method} {route}", ActivityKind.Server, caller)
            ?.SetTag("http.request.method", request.Method).SetTag("http.route", route).SetTag("url.path", request.Path.Value);
    }

    /// <summary>Says how a request was answered.</summary>
    public static void Answer(this Activity? span, int status)
    {
        span?.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
            span?.SetStatus(ActivityStatusCode.Error);
    }

    /// <returns>What sends the rest when it is disposed of; null where nothing is sent.</returns>
    public static TracerProvider? Start(IConfiguration configuration) =>
        string.IsNullOrEmpty(configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]) || string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase)
            ? null
            : Sdk.CreateTracerProviderBuilder()
                // The exporter reads its settings from there, so that local.settings.json counts too.
                .ConfigureServices(services => services.AddSingleton(configuration))
                .ConfigureResource(resource => resource.AddService("functions-host"))
                .AddSource(Sources)
                .AddOtlpExporter()
                .Build();
}
