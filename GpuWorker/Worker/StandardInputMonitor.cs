using Microsoft.Extensions.Hosting;

namespace GpuWorker.Worker;

/// <summary>Ends the worker when its input closes: a parent that dies takes its workers with it.</summary>
internal sealed class StandardInputMonitor(Stream input, WorkerExit exit) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Reading a pipe blocks, so it has a background thread of its own.
        new Thread(Read) { IsBackground = true, Name = "input" }.Start();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private void Read()
    {
        var ignored = new byte[256];
        try
        {
            while (input.Read(ignored) > 0)
            {
            }
        }
        catch (IOException)
        {
            // An input that cannot be read is closed.
        }

        exit.Request(0);
    }
}
