using LocalHost.Durable;
using LocalHost.Hosting;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

namespace LocalHost.Tests.Hosting;

/// <summary>An app of the given classes, on a free port.</summary>
internal sealed class TestHost : IAsyncDisposable
{
    private readonly LocalFunctionsHost _host;

    private TestHost(LocalFunctionsHost host)
    {
        _host = host;
        Http = new() { BaseAddress = host.Url };
        Http.DefaultRequestHeaders.Add("x-functions-key", host.Keys.Function);
    }

    /// <summary>Shows the function key.</summary>
    public HttpClient Http { get; }

    public HostKeys Keys => _host.Keys;

    public IServiceProvider Services => _host.Services;

    public DurableEngine Engine => _host.Engine;

    public static async Task<TestHost> StartAsync(
        HostStorage storage, Type[] types, Action<FunctionsApplicationBuilder>? configure = null, params string[] settings)
    {
        var host = Builder(storage, types, configure, settings).BuildHost();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new(host);
    }

    public static FunctionsApplicationBuilder Builder(
        HostStorage? storage, Type[] types, Action<FunctionsApplicationBuilder>? configure = null, params string[] settings)
    {
        string[] account = storage is null ? [] : [$"--AzureWebJobsStorage={storage.ConnectionString}"];
        var builder = FunctionsApplication.CreateBuilder(
        [
            .. account,
            "--LocalHost:Port=0",
            $"--AzureFunctionsJobHost:extensions:durableTask:hubName=hub{Guid.NewGuid():N}",
            .. settings.Select(s => $"--{s}"),
        ]);
        builder.ConfigureFunctionsWebApplication();
        builder.FunctionTypes = types;
        configure?.Invoke(builder);
        return builder;
    }

    public Task StopAsync() => _host.StopAsync(TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _host.StopAsync();
        await _host.DisposeAsync();
    }
}
