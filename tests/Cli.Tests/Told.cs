using Cli.Commands;
using Cli.Plans;
using Testing;

namespace Cli.Tests;

/// <summary>What the command line said to some words, in this process.</summary>
/// <param name="Code">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Faults">Standard error.</param>
internal sealed record Told(int Code, string Output, string Faults)
{
    public const string Program = "dotnet run local.cs --";

    /// <param name="args">The words.</param>
    public static Task<Told> ByAsync(params string[] args) => InAsync(Path.Combine(Path.GetTempPath(), "no-local-data"), args);

    /// <param name="data">The folder of local data.</param>
    /// <param name="args">The words.</param>
    public static async Task<Told> InAsync(string data, params string[] args)
    {
        using StringWriter output = new(), faults = new();
        var session = new Session(new Checkout(LocalSystem.Repository()) { Data = data }, TimeProvider.System, output, faults);
        var code = await CommandLine.RunAsync(args, session, Program, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), faults.ToString());
    }
}
