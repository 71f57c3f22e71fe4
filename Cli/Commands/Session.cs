using System.CommandLine;
using Cli.Hosts;
using Cli.Plans;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary>What every command has: the checkout, the clock, and where it writes.</summary>
internal sealed record Session(Checkout Checkout, TimeProvider Clock, TextWriter Output, TextWriter Error)
{
    public Screen Screen(ParseResult parsed) => new(Output, Error, parsed.GetValue(CommonOptions.Json));

    /// <summary>The host that the command line names, or this checkout's; the key is asked for where a person is there to give it.</summary>
    public Task<HostAddress> HostAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken) => HostAddress.FindAsync(
        parsed.GetValue(CommonOptions.Url), Checkout.Data, screen.CanAsk ? token => screen.AskSecretAsync("Key of the host:", token) : null, cancellationToken);

    public async Task<RunsClient> ConnectAsync(ParseResult parsed, Screen screen, CancellationToken cancellationToken) =>
        new(await HostAsync(parsed, screen, cancellationToken));

    /// <summary>The argument that names a run; the runs that were seen here complete it.</summary>
    public Argument<string> Run()
    {
        Argument<string> run = new("run") { Description = "The run's id, as 'list' shows it." };
        run.CompletionSources.Add(_ => Directory.Exists(Path.Combine(Checkout.Data, "runs"))
            ? Directory.EnumerateDirectories(Path.Combine(Checkout.Data, "runs")).Select(folder => Path.GetFileName(folder)).Order(StringComparer.Ordinal)
            : []);
        return run;
    }
}
