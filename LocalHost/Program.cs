using LocalHost.Hosting;
using LocalHost.Rpc;

namespace LocalHost;

internal static class Program
{
    /// <summary><c>LocalHost APP_FOLDER</c>: runs a built isolated Functions app until it is told to stop.</summary>
    public static async Task<int> Main(string[] args)
    {
        if (args is not [var folder])
        {
            await Console.Error.WriteLineAsync("Expected one argument, the folder of a built isolated Functions app (bin/Debug/net10.0, or what dotnet publish wrote).");
            return 2;
        }

        try
        {
            return await AppRun.RunAsync(Path.GetFullPath(folder));
        }
        catch (HostException refused)
        {
            await Console.Error.WriteLineAsync(refused.Message);
            return 1;
        }
    }
}
