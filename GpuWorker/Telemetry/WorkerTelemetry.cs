using Azure.Identity;
using Azure.Monitor.OpenTelemetry.Exporter;
using Curriculum.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace GpuWorker.Telemetry;

/// <summary>Sends spans, measurements and the log where the standard environment variables say; nothing by default.</summary>
internal static class WorkerTelemetry
{
    private const string ServiceName = "curriculum-worker";

    public static void AddTelemetry(this HostApplicationBuilder builder, string worker, string device)
    {
        var targets = ExportTargets.Read(name => builder.Configuration[name]);
        if (!targets.Any)
            return;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(builder.Configuration["OTEL_SERVICE_NAME"] ?? ServiceName, serviceInstanceId: worker))
            .WithTracing(tracing => tracing.AddSource(Signals.Name))
            .WithMetrics(metrics => metrics.AddMeter(Signals.Name))
            .WithLogging(configureBuilder: null, logging => (logging.IncludeScopes, logging.IncludeFormattedMessage) = (true, true));
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

        GpuMeasurements.Observe(device);
    }
}
