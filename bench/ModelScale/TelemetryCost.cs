using System.Diagnostics;
using System.Globalization;
using System.Net;
using Curriculum.Telemetry;
using Curriculum.Work;
using GpuWorker.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ModelScale;

/// <summary>What the spans, measurements and log lines of an item cost a worker: processor time without a target, and with OTLP to a receiver that takes everything.</summary>
/// <remarks>The receiver is in this process, so that its time counts too. Nothing is computed between: it is the whole cost.</remarks>
internal static partial class TelemetryCost
{
    private const int Items = 20_000;

    public static int Run()
    {
        Once(log: null, 1_000);
        var silent = Seconds(() => Once(log: null, Items));
        using HttpListener receiver = new();
        var address = $"http://127.0.0.1:{FreePort()}/";
        receiver.Prefixes.Add(address);
        receiver.Start();
        var (requests, bytes) = (0, 0L);
        var taking = Task.Run(async () =>
        {
            while (receiver.IsListening)
            {
                try
                {
                    var context = await receiver.GetContextAsync();
                    using MemoryStream body = new();
                    await context.Request.InputStream.CopyToAsync(body);
                    Interlocked.Increment(ref requests);
                    Interlocked.Add(ref bytes, body.Length);
                    context.Response.ContentType = "application/x-protobuf";
                    context.Response.Close();
                }
                catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
            }
        });
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_ENDPOINT", address);
        Environment.SetEnvironmentVariable("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        // A queue that takes all: nothing is dropped, nothing is cheaper than it is.
        Environment.SetEnvironmentVariable("OTEL_BSP_MAX_QUEUE_SIZE", "1000000");
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.AddTelemetry("worker-1", "cpu");
        double told;
        using (var host = builder.Build())
        {
            host.Start();
            var log = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("GpuWorker.Worker.ItemProtocol");
            Once(log, 1_000);
            told = Seconds(() =>
            {
                Once(log, Items);
                host.StopAsync().GetAwaiter().GetResult();
            });
        }

        receiver.Stop();
        taking.GetAwaiter().GetResult();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Items} items of {Phases.Length + 1} spans, their measurements and a log line: without a target {silent / Items * 1e6:0.0} us of processor time an item, with OTLP {told / Items * 1e6:0.0} us; {bytes / (double)(Items + 1_000):0} bytes an item in {requests} requests"));
        return 0;
    }

    private static string[] Phases { get; } = [ItemSpans.Load, ItemSpans.Turn, ItemSpans.Compute, ItemSpans.StoreState, ItemSpans.StoreResult, ItemSpans.Report];

    private static void Once(ILogger? log, int items)
    {
        WorkMessage message = new(WorkItemId.Parse("bench/srl/1/0/0/7/0/1/rollout"), new string('a', 64), "bench:srl:1:0:0", IsRepeated: false, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        WorkResult result = new() { Id = message.Id, InputHash = message.InputHash, Timing = new("worker-1", DateTimeOffset.UnixEpoch, 0.02), Fingerprint = "bench" };
        for (var i = 0; i < items; i++)
        {
            using var span = ItemSpans.Start(message, 1);
            using var scope = log?.BeginScope(SignalTags.Of(message.Id));
            foreach (var phase in Phases)
            {
                using var inner = ItemSpans.Phase(phase);
            }

            WorkerMeasurements.ComputedFor(TimeSpan.FromMilliseconds(20), message.Id);
            WorkerMeasurements.Finished(result);
            if (log is not null)
                LogDone(log, message.Id, 0.02, 100_000);
            span.Finish(result);
        }
    }

    private static double Seconds(Action run)
    {
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        run();
        process.Refresh();
        return (process.TotalProcessorTime - before).TotalSeconds;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Id}: rollout in {Seconds} s, {Tokens} tokens/s")]
    private static partial void LogDone(ILogger log, WorkItemId id, double seconds, double tokens);

    private static int FreePort()
    {
        using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
