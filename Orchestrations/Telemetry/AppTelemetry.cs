using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Curriculum.Telemetry;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace Orchestrations.Telemetry;

/// <summary>Sends spans, measurements and the log where the standard environment variables say; nothing by default.</summary>
internal static class AppTelemetry
{
    /// <summary>The client that starts orchestrations.</summary>
    private const string DurableClient = "Microsoft.DurableTask";

    private const string ServiceName = "curriculum-app";

    public static IServiceCollection AddTelemetry(this IServiceCollection services, IConfiguration configuration)
    {
        var targets = ExportTargets.Read(name => configuration[name]);
        if (!targets.Any)
            return services;
        var telemetry = services.AddOpenTelemetry()
            .UseFunctionsWorkerDefaults()
            .ConfigureResource(resource => resource.AddService(configuration["OTEL_SERVICE_NAME"] ?? configuration["WEBSITE_SITE_NAME"] ?? ServiceName))
            .WithTracing(tracing => tracing.AddSource(Signals.Name, DurableClient))
            .WithMetrics(metrics => metrics.AddMeter(Signals.Name))
            .WithLogging(configureBuilder: null, logging => (logging.IncludeScopes, logging.IncludeFormattedMessage) = (true, true));
        // A line for each request and each of its steps says nothing that its span does not.
        services.AddLogging(logging => logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft", LogLevel.Warning));
        if (targets.Otlp)
            telemetry.UseOtlpExporter();
        if (targets.AzureMonitor is not null)
        {
            telemetry.UseAzureMonitorExporter(monitor =>
            {
                monitor.ConnectionString = targets.AzureMonitor;
                // Whole traces: by default each process keeps five a second of its own choice, and a run is one trace over many.
                (monitor.SamplingRatio, monitor.TracesPerSecond) = (1, null);
                if (targets.ClientId is not null)
                    monitor.Credential = new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(targets.ClientId));
            });
        }

        return services;
    }
}
