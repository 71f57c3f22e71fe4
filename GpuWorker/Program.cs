using GpuWorker;
using GpuWorker.Execution;
using GpuWorker.Exports;
using GpuWorker.Telemetry;
using GpuWorker.Verifiers;
using GpuWorker.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

if (ModelCommand.IsCommand(args))
    return await ModelCommand.RunAsync(args, CancellationToken.None);
if (args is [EventFiles.Command, ..])
    return await EventFiles.RunAsync(args, Console.OpenStandardInput(), CancellationToken.None);

// Settings come from the environment and the command line alone: no file in the current folder changes a worker.
var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
builder.Configuration.AddEnvironmentVariables().AddCommandLine(args);

var settings = Settings.Read(builder.Configuration, out var faults);
if (faults.Count > 0)
{
    foreach (var fault in faults)
        Console.Error.WriteLine(fault);
    return WorkerExit.BadSettings;
}

WorkerStorage storage;
try
{
    storage = WorkerStorage.Open(settings.Storage);
}
catch (FormatException fault)
{
    Console.Error.WriteLine($"DataStorage is not a connection string: {fault.Message}");
    return WorkerExit.BadSettings;
}

var verifiers = new VerifierPlugins(settings.Worker.Verifiers);
if (settings.Worker.Verifiers.Count > 0)
    Console.Error.WriteLine($"Verifiers {string.Join(", ", settings.Worker.Verifiers.Keys)}: {VerifierPlugins.Applied}.");

ComputeThread compute;
try
{
    compute = await ComputeThread.StartAsync(() => new WorkExecutor(settings.Compute, verifiers));
}
catch (Exception fault)
{
    Console.Error.WriteLine($"The worker cannot compute on Compute:Device = {settings.Compute.Device}: {fault.Message}");
    return WorkerExit.Failed;
}

builder.Logging.AddConfiguration(builder.Configuration.GetSection("Logging"));
builder.Logging.AddSimpleConsole(console =>
{
    console.SingleLine = true;
    console.UseUtcTimestamp = true;
    console.TimestampFormat = "HH:mm:ss.fff ";
});
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);
builder.AddTelemetry(settings.Worker.Name, settings.Compute.Device);
builder.Services.AddWorker(settings, storage, compute);
builder.Services.AddSingleton(services => new WorkerExit(services.GetRequiredService<IHostApplicationLifetime>().StopApplication));
if (settings.Worker.ExitWhenInputCloses)
    builder.Services.AddHostedService(services => new StandardInputMonitor(Console.OpenStandardInput(), services.GetRequiredService<WorkerExit>()));
builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = TimeSpan.FromSeconds(settings.Worker.StopSeconds + 2));

using var host = builder.Build();
var exit = host.Services.GetRequiredService<WorkerExit>();
using (compute)
    await host.RunAsync();
return exit.Code;
