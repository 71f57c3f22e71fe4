using Azure.Core;
using GpuWorker.Execution;
using GpuWorker.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Tests.Worker;

/// <summary>A whole worker around a fake executor, in this process.</summary>
internal sealed class TestWorker : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly ComputeThread _compute;
    private readonly WorkLoop _loop;

    private TestWorker(ServiceProvider services, ComputeThread compute)
    {
        _services = services;
        _compute = compute;
        _loop = services.GetRequiredService<WorkLoop>();
        Exit = services.GetRequiredService<WorkerExit>();
    }

    public WorkerExit Exit { get; }

    /// <summary>Completes when the worker asks its host to stop.</summary>
    public Task ExitAsked { get; private init; } = Task.CompletedTask;

    /// <summary>The quick settings of these tests.</summary>
    public static WorkerOptions Quick { get; } = new()
    {
        Name = "one",
        VisibilitySeconds = 30,
        ClaimSeconds = 0,
        ControlSeconds = 0,
        PauseSeconds = 1,
        RetrySeconds = 0,
        MaxPollMilliseconds = 20,
        StopSeconds = 5,
        StuckSeconds = 0,
    };

    public static async Task<TestWorker> StartAsync(
        string connectionString, IWorkExecutor executor, WorkerOptions? options = null, RequestFilter? filter = null, int memoryMegabytes = 0)
    {
        var compute = await ComputeThread.StartAsync(() => executor);
        var storage = WorkerStorage.Open(
            new() { ConnectionString = connectionString },
            clients =>
            {
                if (filter is not null)
                    clients.AddPolicy(filter, HttpPipelinePosition.PerRetry);
            });
        var exitAsked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var services = new ServiceCollection();
        services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.None));
        services.AddSingleton(new WorkerExit(() => exitAsked.TrySetResult()));
        services.AddWorker(new(options ?? Quick, new() { MemoryMegabytes = memoryMegabytes }, new()), storage, compute);
        var worker = new TestWorker(services.BuildServiceProvider(), compute) { ExitAsked = exitAsked.Task };
        await worker._loop.StartAsync(CancellationToken.None);
        return worker;
    }

    /// <summary>Stops it as SIGTERM does.</summary>
    public Task StopAsync() => _loop.StopAsync(CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _compute.Dispose();
        await _services.DisposeAsync();
    }
}
