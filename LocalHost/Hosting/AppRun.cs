using System.Globalization;
using System.Net;
using System.Runtime.InteropServices;
using Azure.Storage.Blobs;
using LocalHost.Functions;
using LocalHost.Http;
using LocalHost.Launch;
using LocalHost.Rpc;
using LocalHost.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace LocalHost.Hosting;

/// <summary>One run of the host, from its start to its end.</summary>
internal static class AppRun
{
    public static async Task<int> RunAsync(string appFolder)
    {
        var settings = HostSettings.Read(appFolder);
        var own = OwnSettings.Read(settings.Configuration);
        void Logging(ILoggingBuilder logging) => Logs.Configure(logging, settings.Configuration);
        using var logs = LoggerFactory.Create(Logging);
        var log = logs.CreateLogger("Host");
        using var telemetry = HostTelemetry.Start(settings.Configuration);
        using var stop = new CancellationTokenSource();
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Signalled);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Signalled);
        if (own.ExitWhenInputCloses)
            InputWatch.Start(Console.OpenStandardInput(), stop.Cancel);

        await using var front = await HttpFront.StartAsync(own.Port, Logging, stop.Token);
        var streams = new WorkerStreams();
        await using var rpc = await StartRpcAsync(streams, Logging, stop.Token);
        await using var worker = new AppWorker(appFolder, settings.Values, streams, logs);
        try
        {
            var starting = worker.StartAsync(AddressOf(rpc), stop.Token);
            var storage = StorageOf(settings.Configuration);
            var keys = await HostKeys.LoadAsync(storage, own.FunctionKey, stop.Token);
            var functions = await starting;
            var bridge = new FunctionBridge(worker, functions, front.Requests);
            await using var jobs = AppJobHost.Create(settings, functions, bridge, worker, front, keys, storage);
            await jobs.StartAsync(stop.Token);
            front.Open(functions, settings.RoutePrefix, keys, (index, context) => jobs.CallAsync(functions[index].Name, context), jobs.ManageAsync);
            await TellAsync(own, front.Url, keys, worker.ProcessId, stop.Token);
            HostLog.Ready(log, front.Url, functions.Count);

            await Task.Delay(Timeout.Infinite, stop.Token).ContinueWith(_ => { }, TaskScheduler.Default);
            front.Close();
            await DrainAsync(jobs, bridge, TimeSpan.FromSeconds(own.DrainSeconds), log);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Told to stop before it was ready.
        }

        await worker.StopAsync(TimeSpan.FromSeconds(5));
        return 0;

        void Signalled(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stop.Cancel();
        }
    }

    /// <summary>Listeners first, then what they have begun.</summary>
    private static async Task DrainAsync(AppJobHost jobs, FunctionBridge bridge, TimeSpan limit, ILogger log)
    {
        HostLog.Draining(log, bridge.InFlight);
        var started = TimeProvider.System.GetTimestamp();
        var stopping = jobs.StopListeningAsync();
        while ((!stopping.IsCompleted || bridge.InFlight > 0) && TimeProvider.System.GetElapsedTime(started) < limit)
            await Task.WhenAny(stopping.IsCompleted ? Task.Delay(50) : stopping, Task.Delay(50));
        // What they came to is written by the extensions, a moment after.
        await Task.Delay(TimeSpan.FromSeconds(1));
        if (bridge.InFlight > 0)
            HostLog.NotDrained(log, bridge.InFlight, limit.TotalSeconds);
    }

    private static async Task<WebApplication> StartRpcAsync(WorkerStreams streams, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder();
        logging(builder.Logging.ClearProviders());
        builder.Services.AddSingleton(streams);
        builder.Services.AddGrpc(options => (options.MaxReceiveMessageSize, options.MaxSendMessageSize) = (null, null));
        builder.WebHost.ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        var app = builder.Build();
        app.MapGrpcService<RpcServer>();
        await app.StartAsync(cancellationToken);
        return app;
    }

    private static Uri AddressOf(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    private static BlobServiceClient StorageOf(IConfiguration configuration) => configuration["AzureWebJobsStorage"] switch
    {
        { Length: > 0 } connection => new(connection),
        _ => throw new HostException("Expected the setting AzureWebJobsStorage, a connection string, in the environment or in local.settings.json; found none."),
    };

    private static async Task TellAsync(OwnSettings own, Uri url, HostKeys keys, int appProcess, CancellationToken cancellationToken)
    {
        if (own.ProcessFile is { } processFile)
            await LauncherFile.WriteAsync(processFile, appProcess.ToString(CultureInfo.InvariantCulture), cancellationToken);
        if (own.KeyFile is { } keyFile)
            await LauncherFile.WriteAsync(keyFile, keys.Function, cancellationToken);
        // Last, since whoever waits for it reads the key then.
        if (own.UrlFile is { } urlFile)
            await LauncherFile.WriteAsync(urlFile, url.ToString(), cancellationToken);
    }
}

internal static partial class HostLog
{
    [LoggerMessage(Level = LogLevel.Information, Message = "Ready at {Url} with {Count} functions")]
    public static partial void Ready(ILogger logger, Uri url, int count);

    [LoggerMessage(Level = LogLevel.Information, Message = "Stopping; {Count} invocations go on and are waited for")]
    public static partial void Draining(ILogger logger, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} invocations had not ended after {Seconds:0} s")]
    public static partial void NotDrained(ILogger logger, int count, double seconds);
}
