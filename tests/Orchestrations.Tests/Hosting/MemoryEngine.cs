using Microsoft.DurableTask;
using Microsoft.DurableTask.Testing;
using Microsoft.Extensions.Logging;

namespace Orchestrations.Tests.Hosting;

/// <summary>The official engine in memory. It listens on a port that it picks blindly, which another process may have.</summary>
internal static class MemoryEngine
{
    private const int Tries = 10;

    public static async Task<DurableTaskTestHost> StartAsync(Action<DurableTaskRegistry> register)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await DurableTaskTestHost.StartAsync(register, new() { LoggerFactory = LoggerFactory.Create(_ => { }) }, TestContext.Current.CancellationToken);
            }
            catch (IOException) when (tries < Tries)
            {
                // Another port, then.
            }
        }
    }
}
