using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using EndToEnd.Tests.Telemetry.Messages;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace EndToEnd.Tests.Telemetry;

/// <summary>Receives signals over OTLP (gRPC) and keeps them.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Batch = TimeSpan.FromSeconds(2);

    private readonly WebApplication _app;

    private OtlpReceiver(WebApplication app) => _app = app;

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = [];

    public ConcurrentQueue<ReceivedPoint> Points { get; } = [];

    public ConcurrentQueue<ReceivedLine> Lines { get; } = [];

    /// <summary>For <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>.</summary>
    public string Endpoint => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddGrpc();
        OtlpReceiver? receiver = null;
        builder.Services.AddSingleton(_ => receiver!);
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        receiver = new(builder.Build());
        receiver._app.MapGrpcService<Traces>();
        receiver._app.MapGrpcService<Metrics>();
        receiver._app.MapGrpcService<Logs>();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what was sent is there.</summary>
    public async Task WaitAsync(string what, Func<bool> isThere)
    {
        var started = Stopwatch.StartNew();
        while (!isThere())
        {
            if (started.Elapsed > Limit)
                throw new TimeoutException($"Expected {what} within {Limit.TotalSeconds:0} s; there are {Spans.Count} spans, {Points.Count} points and {Lines.Count} lines.");
            await Task.Delay(100);
        }

        // What ended with it is sent with it or with the next batch.
        var (count, quiet) = (0, Stopwatch.StartNew());
        while (quiet.Elapsed < Batch)
        {
            if (Spans.Count != count)
                (count, quiet) = (Spans.Count, Stopwatch.StartNew());
            await Task.Delay(100);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
    }

    private static string Service(Resource resource) => Read(resource.Attributes).GetValueOrDefault("service.name", "");

    private static Dictionary<string, string> Read(IEnumerable<Messages.Attribute> attributes) =>
        attributes.GroupBy(attribute => attribute.Key).ToDictionary(same => same.Key, same => Text(same.Last().Value), StringComparer.Ordinal);

    private static string Text(Value? value) => value?.ValueCase switch
    {
        Value.ValueOneofCase.StringValue => value.StringValue,
        Value.ValueOneofCase.BoolValue => value.BoolValue ? "true" : "false",
        Value.ValueOneofCase.IntValue => value.IntValue.ToString(System.Globalization.CultureInfo.InvariantCulture),
        Value.ValueOneofCase.DoubleValue => value.DoubleValue.ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    };

    private static string Hex(Google.Protobuf.ByteString id) => Convert.ToHexStringLower(id.Span);

    private sealed class Traces(OtlpReceiver receiver) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceResponse> Export(ExportTraceRequest request, ServerCallContext context)
        {
            foreach (var resource in request.Signals)
            {
                foreach (var span in resource.Scopes.SelectMany(scope => scope.Spans))
                {
                    receiver.Spans.Enqueue(new(
                        Service(resource.Resource), span.Name, Hex(span.TraceId), Hex(span.SpanId), Hex(span.ParentSpanId), Read(span.Attributes),
                        [.. span.Links.Select(link => Hex(link.SpanId))], span.Start, span.End));
                }
            }

            return Task.FromResult(new ExportTraceResponse());
        }
    }

    private sealed class Metrics(OtlpReceiver receiver) : MetricsService.MetricsServiceBase
    {
        public override Task<ExportMetricsResponse> Export(ExportMetricsRequest request, ServerCallContext context)
        {
            foreach (var resource in request.Signals)
            {
                foreach (var metric in resource.Scopes.SelectMany(scope => scope.Metrics))
                {
                    foreach (var point in metric.Gauge?.Points ?? metric.Sum?.Points ?? [])
                        receiver.Points.Enqueue(new(Service(resource.Resource), metric.Name, metric.Unit, Read(point.Attributes), point.AsDouble + point.AsInt, 0));
                    foreach (var point in metric.Histogram?.Points ?? [])
                        receiver.Points.Enqueue(new(Service(resource.Resource), metric.Name, metric.Unit, Read(point.Attributes), point.Sum, (long)point.Count));
                }
            }

            return Task.FromResult(new ExportMetricsResponse());
        }
    }

    private sealed class Logs(OtlpReceiver receiver) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsResponse> Export(ExportLogsRequest request, ServerCallContext context)
        {
            foreach (var resource in request.Signals)
            {
                foreach (var record in resource.Scopes.SelectMany(scope => scope.Records))
                    receiver.Lines.Enqueue(new(Service(resource.Resource), Text(record.Body), Read(record.Attributes), Hex(record.TraceId), Hex(record.SpanId)));
            }

            return Task.FromResult(new ExportLogsResponse());
        }
    }
}

/// <summary>A span, its ids in hex.</summary>
internal sealed record ReceivedSpan(
    string Service, string Name, string Trace, string Id, string Parent, IReadOnlyDictionary<string, string> Tags, IReadOnlyList<string> Links, ulong Start, ulong End);

/// <summary>A point of a measurement; of a histogram its sum and its count.</summary>
internal sealed record ReceivedPoint(string Service, string Name, string Unit, IReadOnlyDictionary<string, string> Tags, double Value, long Count);

/// <summary>A line of the log.</summary>
internal sealed record ReceivedLine(string Service, string Text, IReadOnlyDictionary<string, string> Tags, string Trace, string Span);
