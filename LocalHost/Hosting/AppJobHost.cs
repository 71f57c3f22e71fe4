using System.Runtime.ExceptionServices;
using System.Security.Cryptography;
using System.Text;
using Azure.Storage.Blobs;
using LocalHost.Functions;
using LocalHost.Http;
using LocalHost.Rpc;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.WebJobs;
using Microsoft.Azure.WebJobs.Extensions.DurableTask;
using Microsoft.Azure.WebJobs.Extensions.Timers;
using Microsoft.Azure.WebJobs.Host.Config;
using Microsoft.Azure.WebJobs.Host.Executors;
using Microsoft.Azure.WebJobs.Host.Timers;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace LocalHost.Hosting;

/// <summary>The official WebJobs host with the official durable, queue and timer extensions, over the app's functions.</summary>
internal sealed class AppJobHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly PendingRequests _requests;

    private AppJobHost(IHost host, PendingRequests requests) => (_host, _requests) = (host, requests);

    public static AppJobHost Create(
        HostSettings settings, IReadOnlyList<WorkerFunction> functions, FunctionCalls calls, AppWorker worker, HttpFront front, HostKeys keys, BlobServiceClient storage)
    {
        var type = GeneratedFunctions.Create(functions, settings.FunctionTimeout);
        var id = IdOf(settings.AppFolder);
        var host = new HostBuilder()
            .ConfigureAppConfiguration(configuration => configuration.AddConfiguration(settings.Configuration))
            .ConfigureLogging(logging => Logs.Configure(logging, settings.Configuration))
            .ConfigureWebJobs(jobs => jobs.AddAzureStorageCoreServices().AddDurableTask().AddAzureStorageQueues().AddTimers())
            .ConfigureServices(services =>
            {
                services.AddSingleton(calls);
                services.AddSingleton<ITypeLocator>(new GeneratedTypes(type));
                services.AddSingleton<IHostIdProvider>(new FixedId(id));
                // The hub lets go of its queues at once and what goes on is waited for here: the other way round, the hub would take what an activity came to
                // off its queue and leave it there, unseen by the next host for a minute.
                services.PostConfigure<DurableTaskOptions>(durable => durable.UseGracefulShutdown = false);
                services.AddSingleton<IWebJobsExceptionHandler>(new TimeoutHandler(worker));
#pragma warning disable CS0618, CS0612 // Obsolete, and what the extensions ask for.
                services.AddSingleton<IWebHookProvider>(new ManagementAddress(front.Url, keys));
                services.Replace(ServiceDescriptor.Singleton<IPlatformInformation>(new LocalPlatform()));
#pragma warning restore CS0618, CS0612
                services.Replace(ServiceDescriptor.Singleton<ScheduleMonitor>(new ScheduleBlobs(storage.GetBlobContainerClient("azure-webjobs-hosts"), id)));
                // This process has its own ways to be told to stop.
                services.RemoveAll<IHostLifetime>();
                services.AddSingleton<IHostLifetime, NoLifetime>();
            })
            .Build();
        return new(host, front.Requests);
    }

    public Task StartAsync(CancellationToken cancellationToken) => _host.StartAsync(cancellationToken);

    /// <summary>Stops to listen; invocations that go on are not canceled.</summary>
    public Task StopListeningAsync() => _host.Services.GetRequiredService<IJobHost>().StopAsync();

    /// <summary>Runs an HTTP function for a request.</summary>
    public async Task CallAsync(string function, HttpContext context)
    {
        var invocation = _requests.Add(context);
        try
        {
            var host = _host.Services.GetRequiredService<IJobHost>();
            await host.CallAsync(function, new Dictionary<string, object> { [PendingRequests.Parameter] = invocation });
        }
        catch (Exception) when (!context.Response.HasStarted)
        {
            // It is in the log, by the extension's hand; what went wrong is not for whoever asks.
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
        finally
        {
            _requests.Remove(invocation);
        }
    }

    /// <summary>Has the durable extension answer a management request.</summary>
    public Task ManageAsync(HttpContext context) => ManagementEndpoints.AnswerAsync(
        _host.Services.GetServices<IExtensionConfigProvider>().OfType<DurableTaskExtension>().Single(), context);

    public ValueTask DisposeAsync()
    {
        _host.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The same for every host of one app: they share its timers.</summary>
    private static string IdOf(string appFolder) => $"local-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(appFolder)))[..20]}";

    private sealed class FixedId(string id) : IHostIdProvider
    {
        public Task<string> GetHostIdAsync(CancellationToken cancellationToken) => Task.FromResult(id);
    }

    /// <summary>An invocation that took too long may hold the whole process: it is ended, as on the official host.</summary>
    private sealed class TimeoutHandler(AppWorker worker) : IWebJobsExceptionHandler
    {
        public Task OnTimeoutExceptionAsync(ExceptionDispatchInfo exceptionInfo, TimeSpan timeoutGracePeriod)
        {
            worker.Restart(exceptionInfo.SourceException.Message);
            return Task.CompletedTask;
        }

        public Task OnUnhandledExceptionAsync(ExceptionDispatchInfo exceptionInfo)
        {
            Environment.FailFast($"The host cannot go on: {exceptionInfo.SourceException}");
            return Task.CompletedTask;
        }
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
