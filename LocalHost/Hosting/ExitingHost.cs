using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Hosting;

namespace LocalHost.Hosting;

/// <summary>A host that ends the process with one sentence and exit code 1 where it cannot start as it is set up.</summary>
internal sealed class ExitingHost(IHost host) : IHost, IAsyncDisposable
{
    public IServiceProvider Services => host.Services;

    [DoesNotReturn]
    public static IHost Exit(HostSettingsException refusal)
    {
        Console.Error.WriteLine(refusal.Message);
        Environment.Exit(1);
        throw refusal;
    }

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            await host.StartAsync(cancellationToken);
        }
        catch (HostSettingsException e)
        {
            Exit(e);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken = default) => host.StopAsync(cancellationToken);

    public void Dispose() => host.Dispose();

    public async ValueTask DisposeAsync()
    {
        if (host is IAsyncDisposable disposable)
            await disposable.DisposeAsync();
        else
            host.Dispose();
    }
}
