using System.Globalization;
using System.Text.Json;
using Azure.Storage.Blobs;
using LocalHost.Durable;
using LocalHost.Durable.Storage;
using LocalHost.Hosting.Management;
using LocalHost.Triggers;
using LocalHost.Triggers.Http;
using LocalHost.Triggers.Queues;
using LocalHost.Triggers.Timers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.DurableTask.Converters;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace LocalHost.Hosting;

/// <summary>The app's host: starts keys, HTTP, engine and triggers in that order; stops triggers, HTTP, engine.</summary>
internal sealed class LocalFunctionsHost : IHost, IAsyncDisposable
{
    /// <summary>How long work in flight may take to end when the host stops.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly WebApplication _web;
    private readonly HostSettings _settings;
    private readonly IReadOnlyList<FoundFunction> _functions;
    private readonly BlobServiceClient _storage;
    private readonly FunctionInvoker _invoker;
    private readonly DurableFunctions _durable;
    private readonly DurableEngine _engine;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly JsonSerializerOptions _json;
    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _aborting = new();
    private Task _triggers = Task.CompletedTask;

    public LocalFunctionsHost(
        WebApplication web,
        HostSettings settings,
        IReadOnlyList<FoundFunction> functions,
        IEnumerable<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
    {
        (_web, _settings, _functions) = (web, settings, functions);
        var loggers = web.Services.GetRequiredService<ILoggerFactory>();
        _logger = loggers.CreateLogger("LocalHost");
        _time = web.Services.GetRequiredService<TimeProvider>();
        _storage = MakeStorage(new() { Retry = { NetworkTimeout = settings.StorageTimeout } });
        _invoker = new(web.Services, () => _engine!.Client, middleware);
        _json = web.Services.GetRequiredService<IOptions<JsonSerializerOptions>>().Value;
        var converter = new JsonDataConverter(_json);
        _durable = new(functions, _invoker, converter);
        _engine = DurableHost.Create(settings, _durable, converter, _storage, _time, loggers);
    }

    public IServiceProvider Services => _web.Services;

    /// <summary>Where the host listens, once it has started.</summary>
    public Uri Url => new(_web.Urls.First());

    public HostKeys Keys { get; private set; } = null!;

    public DurableEngine Engine => _engine;

    /// <summary>What the host needs of the app's builder.</summary>
    public static void Configure(WebApplicationBuilder builder, HostSettings settings)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = StopLimit);
        builder.WebHost.ConfigureKestrel(o => o.Limits.MaxRequestBodySize = settings.MaxRequestBody);
        builder.Logging
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning)
            // Its lines name whole URLs, keys shown as ?code= included, so that no setting may turn it on.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
            .AddFilter("Azure", LogLevel.Warning);
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var listeners = MakeListeners();
        Keys = await LoadKeysAsync(cancellationToken);
        var gate = new HubGate(_engine, TimeSpan.FromSeconds(_settings.Local.HubPatienceSeconds), _time);
        new ManagementEndpoints(_engine, _durable, Keys, gate).Map(_web);
        HttpFunctions.Map(_web, With<HttpTriggerAttribute>(), _settings.RoutePrefix, new(_invoker, Keys, gate, _logger));
        await ListenAsync(cancellationToken);
        await _engine.StartAsync(cancellationToken);

        _triggers = RunTriggersAsync(listeners);
        if (_settings.Local.ExitWhenInputCloses)
            InputWatch.Start(Console.OpenStandardInput(), _web.Lifetime);
        await AnnounceAsync(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _stopping.CancelAsync();
        _aborting.CancelAfter(StopLimit);
        await Task.WhenAny(_triggers, Task.Delay(StopLimit + TimeSpan.FromSeconds(1), CancellationToken.None));
        if (!_triggers.IsCompleted)
            _logger.GaveUpWaiting(StopLimit);
        await _web.StopAsync(cancellationToken);
        await _engine.StopAsync();
    }

    public void Dispose() => DisposeAsync().AsTask().GetAwaiter().GetResult();

    public async ValueTask DisposeAsync()
    {
        await _engine.DisposeAsync();
        await _web.DisposeAsync();
        _stopping.Dispose();
        _aborting.Dispose();
    }

    private List<FoundFunction> With<TTrigger>()
        where TTrigger : TriggerBindingAttribute =>
        [.. _functions.Where(f => f.Trigger is TTrigger)];

    private List<ITriggerListener> MakeListeners() =>
    [
        .. With<QueueTriggerAttribute>().Select(f => QueueListeners.Create(f, _invoker, _settings.Queues, _json, _web.Configuration, _time, _logger)),
        .. With<TimerTriggerAttribute>().Select(f => new TimerListener(f, _invoker, TimerSchedule.Of(f, _web.Configuration), new(_storage), _time, _logger)),
    ];

    /// <summary>Has queues and timers listened to while the task hub is this host's: what one that waits took, it could not hand on.</summary>
    private async Task RunTriggersAsync(List<ITriggerListener> listeners)
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var lost = await _engine.WhenHeldAsync(_stopping.Token);
                using var holding = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
                var listening = Task.WhenAll(
                    listeners.Select(l => Task.Run(() => l.RunAsync(holding.Token, _aborting.Token), CancellationToken.None)));
                await lost.WaitAsync(_stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                await holding.CancelAsync();
                await listening;
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        _web.Urls.Clear();
        _web.Urls.Add($"http://127.0.0.1:{_settings.Port.ToString(CultureInfo.InvariantCulture)}");
        try
        {
            await _web.StartAsync(cancellationToken);
        }
        catch (IOException e) when (e.InnerException is AddressInUseException)
        {
            throw new HostSettingsException($"The port {_settings.Port} is taken: stop what listens there, or set LocalHost:Port to another one, or to 0 for any that is free.");
        }
    }

    private BlobServiceClient MakeStorage(BlobClientOptions options)
    {
        try
        {
            return new(_settings.Storage, options);
        }
        catch (FormatException e)
        {
            throw new HostSettingsException($"Expected {StorageConnections.HostStorage} to be a storage connection string: {e.Message}");
        }
    }

    private async Task<HostKeys> LoadKeysAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Few tries: the host's storage is on this machine, and whoever waits for the host wants to know.
            var storage = MakeStorage(new() { Retry = { MaxRetries = 1, NetworkTimeout = _settings.StorageTimeout } });
            return await HostKeys.LoadAsync(storage, _settings.Local.FunctionKey, cancellationToken);
        }
        catch (Exception e) when (StorageFailure.Is(e, cancellationToken))
        {
            throw new HostSettingsException(
                $"The host's storage, named by {StorageConnections.HostStorage}, does not answer ({LastMessage(e)}): start Azurite, or correct the setting.");
        }
    }

    /// <summary>The first line of what the last try came to.</summary>
    private static string LastMessage(Exception exception) =>
        (exception as AggregateException)?.InnerExceptions[^1].Message.Split('\n')[0].Trim() ?? exception.Message.Split('\n')[0].Trim();

    private async Task AnnounceAsync(CancellationToken cancellationToken)
    {
        var url = Url.GetLeftPart(UriPartial.Authority);
        _logger.FunctionsFound(_functions.Count, string.Join(", ", _functions.Select(f => f.Name)));
        await Console.Out.WriteLineAsync($"Listening on {url}");
        if (_settings.Local.KeyFile is { } keyFile)
            await LauncherFile.WriteAsync(keyFile, Keys.Function, cancellationToken);
        if (_settings.Local.UrlFile is { } urlFile)
            await LauncherFile.WriteAsync(urlFile, url, cancellationToken);
    }
}
