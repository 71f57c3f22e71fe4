using LocalHost.Durable;
using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Orchestrations.Schedules;
using Orchestrations.Workflows;
using Testing;

namespace Orchestrations.Tests.Hosting;

/// <summary>The whole app on a free port over an Azurite of its own, but that runs conclude when a test says so, and that nothing fires or is polled by itself.</summary>
internal sealed class AppHost : IAsyncDisposable
{
    private readonly AzuriteServer _azurite;
    private readonly LocalFunctionsHost _host;

    private AppHost(AzuriteServer azurite, LocalFunctionsHost host, FastClock clock, CapturedLog log)
    {
        (_azurite, _host, Clock, Log) = (azurite, host, clock, log);
        Http = new() { BaseAddress = host.Url };
        Http.DefaultRequestHeaders.Add("x-functions-key", host.Keys.Function);
    }

    public FastClock Clock { get; }

    public CapturedLog Log { get; }

    /// <summary>Shows the function key.</summary>
    public HttpClient Http { get; }

    public IServiceProvider Services => _host.Services;

    public DurableEngine Engine => _host.Engine;

    public HostKeys Keys => _host.Keys;

    public static async Task<AppHost> StartAsync(DateTimeOffset? now = null, params string[] settings)
    {
        var azurite = await AzuriteServer.StartAsync();
        var clock = new FastClock(now ?? DateTimeOffset.UtcNow);
        var builder = FunctionsApplication.CreateBuilder(
        [
            $"--AzureWebJobsStorage={azurite.ConnectionString}",
            $"--DataStorage={azurite.ConnectionString}",
            "--LocalHost:Port=0",
            "--TASKHUB_NAME=tests",
            .. settings.Select(setting => $"--{setting}"),
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.FunctionTypes =
        [
            .. typeof(RunOrchestrator).Assembly.GetTypes().Where(type => type != typeof(RunOrchestrator) && type != typeof(RunSchedules) && type != typeof(WorkCompleted)),
            typeof(ConcludesWhenTold),
        ];
        builder.Services.AddApp(builder.Configuration).AddSingleton<TimeProvider>(clock);
        var log = new CapturedLog();
        builder.Logging.AddProvider(log);
        var host = builder.BuildHost();
        await host.StartAsync(TestContext.Current.CancellationToken);
        await host.Engine.WhenReadyAsync(TestContext.Current.CancellationToken);
        return new(azurite, host, clock, log);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    public static class ConcludesWhenTold
    {
        [Function(nameof(RunOrchestrator))]
        public static Task<RunSummary> Run([OrchestrationTrigger] TaskOrchestrationContext context) => context.WaitForExternalEvent<RunSummary>("conclude");
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
