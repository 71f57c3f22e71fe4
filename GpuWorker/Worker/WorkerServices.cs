using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace GpuWorker.Worker;

/// <summary>Puts the worker's parts together.</summary>
internal static class WorkerServices
{
    /// <summary>Adds the loop and all it needs but logging and <see cref="WorkerExit"/>.</summary>
    public static IServiceCollection AddWorker(
        this IServiceCollection services, Settings settings, WorkerStorage storage, ComputeThread compute)
    {
        services.AddSingleton(settings);
        services.AddSingleton(settings.Worker);
        services.AddSingleton(storage);
        services.AddSingleton(compute);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(new PartCache((long)settings.Worker.CacheMegabytes << 20, (long)settings.Worker.DiskCacheMegabytes << 20));
        services.AddSingleton<ResultStore>();
        services.AddSingleton<RunControls>();
        services.AddSingleton<StateLoader>();
        services.AddSingleton<StateWriter>();
        services.AddSingleton<StageBlobs>();
        services.AddSingleton<InputLoader>();
        services.AddSingleton<ModelImport>();
        services.AddSingleton<ItemTurns>();
        services.AddSingleton<WorkerUse>();
        services.AddSingleton<ItemLogs>();
        services.AddSingleton<ILoggerProvider, ItemLogProvider>();
        // Whatever else is silenced: who looks for the reason of a failure needs its lines.
        services.AddLogging(logging => logging.AddFilter<ItemLogProvider>("GpuWorker", LogLevel.Information).AddFilter<ItemLogProvider>(null, LogLevel.None));
        services.AddSingleton<ItemComputation>();
        services.AddSingleton<ItemExecution>();
        services.AddSingleton<ItemAbandonment>();
        services.AddSingleton<ItemProtocol>();
        services.AddSingleton<WorkLoop>();
        services.AddHostedService(provider => provider.GetRequiredService<WorkLoop>());
        return services;
    }
}
