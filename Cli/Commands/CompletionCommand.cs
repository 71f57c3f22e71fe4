using System.CommandLine;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary><c>completion</c>: a script that makes the command <c>curriculum</c> known to a shell, and completes it.</summary>
internal static class CompletionCommand
{
    public static Command Of(Session session)
    {
        Argument<string> shell = new("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.CompletionSources.Add("bash", "zsh", "fish", "pwsh");
        shell.Validators.Add(result =>
        {
            if (result.Tokens.Count == 1 && Script(result.Tokens[0].Value) is null)
                result.AddError($"completion: expected bash, zsh, fish or pwsh; found '{result.Tokens[0].Value}'.");
        });
        CliCommand command = new(
            "completion", "Write a script that gives a shell the command 'curriculum', with completion of commands, options and runs.",
            "completion bash > ~/.curriculum.sh; source ~/.curriculum.sh", "completion fish | source") { shell };
        command.SetAction(parsed =>
        {
            session.Screen(parsed).Answer(Script(parsed.GetRequiredValue(shell))!.Replace("PROGRAM", Environment.ProcessPath, StringComparison.Ordinal));
            return Exit.Done;
        });
        return command;
    }

    // The program completes the text after its own name, at a position in it.
    private static string? Script(string shell) => shell switch
    {
        "bash" => Bash,
        "zsh" => $"autoload -U +X bashcompinit && bashcompinit\n{Bash}",
        "fish" => """
            function curriculum; "PROGRAM" $argv; end
            complete -f -c curriculum -a '(set -l line (string replace -r "^\S+\s" "" -- (commandline -cp)); "PROGRAM" "[suggest:"(string length -- $line)"]" $line)'
            """,
        "pwsh" => """
            function curriculum { & "PROGRAM" @args }
            Register-ArgumentCompleter -Native -CommandName curriculum -ScriptBlock {
                param($word, $tree, $position)
                $line = $tree.ToString() -replace '^\S+\s?', ''
                $at = [Math]::Max(0, $position - ($tree.ToString().Length - $line.Length))
                & "PROGRAM" "[suggest:$at]" $line.PadRight($at) | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
            }
            """,
        _ => null,
    };

    private const string Bash = """
        curriculum() { "PROGRAM" "$@"; }
        _curriculum() {
            local line="${COMP_LINE#* }" IFS=$'\n'
            local at=$((COMP_POINT - ${#COMP_LINE} + ${#line}))
            COMPREPLY=($("PROGRAM" "[suggest:$at]" "$line" 2>/dev/null))
        }
        complete -o default -F _curriculum curriculum
        """;
}
