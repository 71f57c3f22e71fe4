using System.CommandLine;
using Cli.Local;

namespace Cli.Commands;

/// <summary>The options of commands that start processes on this machine.</summary>
internal sealed class LocalFlags(int leastWorkers)
{
    private const int MostWorkers = 64;

    private readonly Option<int?> _workers = CommonOptions.Number("--workers", "How many workers; no figure depends on it. Default: 2.", leastWorkers, MostWorkers);
    private readonly Option<bool> _asBuilt = new("--as-built") { Description = "Start what was built before, without a look at the sources." };
    private readonly Option<string> _configuration = CommonOptions.OneOf("--configuration", "Which build is started.", "Release", "Debug", "Release");

    public void AddTo(Command command)
    {
        command.Options.Add(_workers);
        command.Options.Add(_asBuilt);
        command.Options.Add(_configuration);
    }

    public LocalOptions Read(ParseResult parsed) => new()
    {
        Workers = parsed.GetValue(_workers) ?? 2,
        AsBuilt = parsed.GetValue(_asBuilt),
        Configuration = parsed.GetValue(_configuration)!,
    };
}
