using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrations.Http;
using Orchestrations.OpenApi;
using Orchestrations.Purging;
using Orchestrations.Webhooks;
using Orchestrations.Workflows;
using Testing;

namespace Orchestrations.Tests.Hosting;

/// <summary>
/// The app's HTTP functions on a free port, with Azurite and the official engine in memory behind them; runs conclude when a test says so, and no timer or queue
/// is listened to. Keys and management endpoints are the host's: see <see cref="KeyTests"/>.
/// </summary>
internal sealed class AppHost : IAsyncDisposable
{
    private readonly AzuriteServer _azurite;
    private readonly FaultProxy _storage;
    private readonly ServiceProvider _services;
    private readonly DurableTaskTestHost _engine;
    private readonly WebApplication _web;

    private AppHost(AzuriteServer azurite, FaultProxy storage, ServiceProvider services, DurableTaskTestHost engine, WebApplication web, FastClock clock, CapturedLog log)
    {
        (_azurite, _storage, _services, _engine, _web, Clock, Log) = (azurite, storage, services, engine, web, clock, log);
        Http = new() { BaseAddress = new(web.Urls.First()) };
    }

    public FastClock Clock { get; }

    public CapturedLog Log { get; }

    /// <summary>Sees every request to storage.</summary>
    public FaultProxy Storage => _storage;

    public HttpClient Http { get; }

    /// <summary>What was answered, each answer held against the API's description.</summary>
    public required AnswerCheck Answers { get; init; }

    public IServiceProvider Services => _services;

    public DurableTaskClient Client => _engine.Client;

    public static async Task<AppHost> StartAsync(DateTimeOffset? now = null, params string[] settings)
    {
        var azurite = await AzuriteServer.StartAsync();
        var storage = await FaultProxy.StartAsync(azurite);
        var clock = new FastClock(now ?? DateTimeOffset.UtcNow);
        var log = new CapturedLog();
        var configuration = new ConfigurationBuilder()
            .AddCommandLine([$"--DataStorage={storage.ConnectionString}", .. settings.Select(setting => $"--{setting}")])
            .Build();
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddProvider(log))
            .AddSingleton<IConfiguration>(configuration)
            .AddApp(configuration)
            .AddSingleton<TimeProvider>(clock)
            .BuildServiceProvider();
        DurableTaskTestHost? engine = null;
        engine = await MemoryEngine.StartAsync(
            tasks =>
            {
                tasks.AddOrchestratorFunc(nameof(RunOrchestrator), ConcludesWhenTold);
                tasks.AddOrchestratorFunc<WebhookMessage, int>(nameof(WebhookOrchestrator), (context, _) => WebhookOrchestrator.Run(context));
                tasks.AddOrchestratorFunc<string>(nameof(PurgeOrchestrator), (context, _) => PurgeOrchestrator.Run(context));
                tasks.AddActivityFunc<WebhookMessage, int>(nameof(SendWebhook), (_, message) => Make<SendWebhook>(services).Run(message, default));
                tasks.AddActivityFunc<string>(nameof(PurgeSteps.DeleteBlobs), (_, run) => Make<PurgeSteps>(services).DeleteBlobs(run, default));
                tasks.AddActivityFunc<string, int>(nameof(PurgeSteps.PurgeInstances), (_, run) => Make<PurgeSteps>(services).PurgeInstances(run, engine!.Client, default));
                tasks.AddActivityFunc<string>(nameof(PurgeSteps.EndPurge), (_, run) => Make<PurgeSteps>(services).EndPurge(run, default));
            });
        var answers = new AnswerCheck();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var web = builder.Build();
        web.Urls.Add("http://127.0.0.1:0");
        foreach (var endpoint in HttpFunction.All)
            web.MapMethods(endpoint.Path, [endpoint.Verb.ToUpperInvariant()], context => CallAsync(endpoint.Method, services, engine.Client, answers, context));
        await web.StartAsync(TestContext.Current.CancellationToken);
        return new(azurite, storage, services, engine, web, clock, log) { Answers = answers };
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _web.DisposeAsync();
        await _engine.DisposeAsync();
        await _services.DisposeAsync();
        await _storage.DisposeAsync();
        await _azurite.DisposeAsync();
        Assert.True(Answers.Faults.Count == 0, string.Join('\n', Answers.Faults));
    }

    private static Task<RunSummary> ConcludesWhenTold(TaskOrchestrationContext context) => context.WaitForExternalEvent<RunSummary>("conclude");

    private static T Make<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);

    /// <summary>As in the app's own pipeline, which is the host's.</summary>
    private static async Task<IActionResult> AnswerAsync(Func<object> call, IServiceProvider services, HttpContext context)
    {
        try
        {
            return call() is var answer && answer is IActionResult result ? result : await (Task<IActionResult>)answer;
        }
        catch (Exception fault) when (context.Request.RouteValues["id"] is string)
        {
            if (await Make<RunFaults>(services).AnswerAsync((string)context.Request.RouteValues["id"]!, fault, context.RequestAborted) is { } refusal)
                return refusal;
            throw;
        }
    }

    private static async Task CallAsync(MethodInfo method, IServiceProvider services, DurableTaskClient client, AnswerCheck answers, HttpContext context)
    {
        object? Argument(ParameterInfo parameter) =>
            parameter.ParameterType == typeof(HttpRequest) ? context.Request
            : parameter.ParameterType == typeof(DurableTaskClient) ? client
            : parameter.ParameterType == typeof(CancellationToken) ? context.RequestAborted
            : context.Request.RouteValues[parameter.Name!];
        var function = method.IsStatic ? null : ActivatorUtilities.CreateInstance(services, method.DeclaringType!);
        var result = await AnswerAsync(() => method.Invoke(function, [.. method.GetParameters().Select(Argument)])!, services, context);
        var sent = context.Response.Body;
        using var body = new MemoryStream();
        context.Response.Body = body;
        await result.ExecuteResultAsync(new() { HttpContext = context });
        answers.Check(method.GetCustomAttribute<FunctionAttribute>()!.Name, context.Response, body.ToArray());
        context.Response.Body = sent;
        await sent.WriteAsync(body.ToArray());
    }
}

/// <summary>A clock that can be set and runs twenty times as fast, delays included.</summary>
internal sealed class FastClock(DateTimeOffset now) : TimeProvider
{
    private const int Speed = 20;
    private readonly long _began = System.GetTimestamp();
    private TimeSpan _ahead;

    public void SetTo(DateTimeOffset time) => _ahead += time - GetUtcNow();

    public override DateTimeOffset GetUtcNow() => now + _ahead + (System.GetElapsedTime(_began) * Speed);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new FastTimer(System.CreateTimer(callback, state, Scaled(dueTime), Scaled(period)));

    private static TimeSpan Scaled(TimeSpan time) => time == Timeout.InfiniteTimeSpan ? time : time / Speed;

    private sealed class FastTimer(ITimer inner) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(Scaled(dueTime), Scaled(period));

        public void Dispose() => inner.Dispose();

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
