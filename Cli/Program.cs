using Cli.Plans;
using Cli.Terminal;

namespace Cli;

internal static class Program
{
    /// <summary>The command line of the checkout that this program was built in, or that the current folder lies in.</summary>
    public static async Task<int> Main(string[] args)
    {
        if ((Checkout.Above(Environment.CurrentDirectory) ?? Checkout.Above(AppContext.BaseDirectory)) is { } checkout)
            return await CommandLine.RunAsync(args, checkout.Root, "Cli");
        await Console.Error.WriteLineAsync("Expected to be started in a checkout of the project, or from one: no folder above has Cloud.sln.");
        return Exit.Refused;
    }
}
