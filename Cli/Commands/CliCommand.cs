using System.CommandLine;

namespace Cli.Commands;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class CliCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines, without the program's name.</summary>
    public IReadOnlyList<string> Examples => examples;
}
