using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Cli.Commands;

namespace Cli;

/// <summary>The library's help, with the name that the program is started by, and the command's examples after it.</summary>
internal sealed class HelpWithExamples(HelpAction help, string program) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var output = parseResult.InvocationConfiguration.Output;
        using var text = new StringWriter();
        parseResult.InvocationConfiguration.Output = text;
        var code = help.Invoke(parseResult);
        parseResult.InvocationConfiguration.Output = output;
        output.Write(text.ToString().Replace($"  {RootCommand.ExecutableName}", $"  {program}", StringComparison.Ordinal));

        if (parseResult.CommandResult.Command is CliCommand { Examples: { Count: > 0 } examples })
        {
            output.WriteLine("Examples:");
            foreach (var example in examples)
                output.WriteLine($"  {program} {example}");
            output.WriteLine();
        }

        return code;
    }
}
