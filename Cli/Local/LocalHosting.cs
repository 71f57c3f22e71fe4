using Cli.Hosts;
using Cli.Plans;
using Cli.Terminal;
using LocalHost.Launch;

namespace Cli.Local;

/// <summary>Starts storage, the Functions app and the workers on this machine.</summary>
internal sealed class LocalHosting(Screen screen, Checkout checkout)
{
    private static readonly string[] Projects = ["LocalHost", "Orchestrations", "GpuWorker"];

    /// <summary>Starts everything, does something with it, and ends everything.</summary>
    /// <param name="options">What is started.</param>
    /// <param name="prepare">Is done once the storage is there, before the host and the workers are.</param>
    /// <param name="use">Is done once all is there.</param>
    public async Task<T> WithAsync<T>(
        LocalOptions options, Func<LaunchedProcesses, Task> prepare, Func<LaunchedProcesses, HostAddress, Task<T>> use, CancellationToken cancellationToken)
    {
        using var held = await TakeAsync(cancellationToken);
        await using var processes = new LaunchedProcesses(held, checkout.Root, checkout.Data, options.Configuration);
        try
        {
            await screen.StepAsync("Starting the storage", () => processes.StartStorageAsync(cancellationToken));
            foreach (var project in options.AsBuilt ? [] : Projects)
                await screen.StepAsync($"Building {project}", () => processes.BuildAsync(project, cancellationToken));
            await prepare(processes);
            await screen.StepAsync($"Starting the host and {Durations.Count(options.Workers, "worker")}", () => processes.StartAsync(options.Workers, cancellationToken));
            // In the fragment the key is sent nowhere, and the page takes it out of the address at once.
            screen.Say($"Pages: {processes.Url}api/app#key={processes.Key}");
            return await use(processes, new(processes.Url, processes.Key, processes.DataStorage));
        }
        catch (InvalidOperationException fault)
        {
            throw CommandException.Failed(fault.Message);
        }
    }

    /// <summary>Starts the storage alone, for a command that needs no host.</summary>
    public async Task<T> WithStorageAsync<T>(Func<string, Task<T>> use, CancellationToken cancellationToken)
    {
        using var held = await TakeAsync(cancellationToken);
        await using var processes = new LaunchedProcesses(held, checkout.Root, checkout.Data, "Release");
        try
        {
            await processes.StartStorageAsync(cancellationToken);
        }
        catch (InvalidOperationException fault)
        {
            throw CommandException.Failed(fault.Message);
        }

        return await use(processes.DataStorage);
    }

    /// <summary>Builds a project, where its sources are newer than what was built.</summary>
    public async Task BuildAsync(string project, string configuration, CancellationToken cancellationToken)
    {
        try
        {
            await LaunchedProcesses.BuildAsync(checkout.Root, Path.Combine(checkout.Data, "logs"), project, configuration, cancellationToken);
        }
        catch (InvalidOperationException fault)
        {
            throw CommandException.Failed(fault.Message);
        }
    }

    private async Task<CheckoutLock> TakeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await CheckoutLock.TakeAsync(checkout.Data, cancellationToken);
        }
        catch (InvalidOperationException fault)
        {
            throw CommandException.Failed(fault.Message);
        }
    }
}
