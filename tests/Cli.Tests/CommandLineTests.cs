using System.CommandLine;
using Cli.Commands;
using Cli.Terminal;

namespace Cli.Tests;

[Trait("Speed", "fast")]
public sealed class CommandLineTests
{
    public static TheoryData<string> Names =>
    [
        "run", "new", "check", "price", "start", "submit", "list", "status", "watch", "verdict", "compare", "trajectories", "metrics", "fork", "schedule", "pause", "resume", "cancel",
        "retry", "purge",
        "findings", "results", "completion", "data", "data gsm8k", "data steps", "data check", "data keep", "data split", "model", "model import", "model export", "model estimate",
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Every_command_has_help_with_examples_that_are_understood(string name)
    {
        var help = await Told.ByAsync([.. name.Split(' '), "--help"]);
        Assert.Equal((0, ""), (help.Code, help.Faults));
        Assert.Contains($"{Told.Program} {name}", help.Output, StringComparison.Ordinal);
        Assert.Equal(help, await Told.ByAsync(["help", .. name.Split(' ')]));

        var examples = help.Output.Split('\n').SkipWhile(line => line != "Examples:").Skip(1).TakeWhile(line => line.Length > 0).ToList();
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.StartsWith($"  {Told.Program} {name}", example, StringComparison.Ordinal));
        var words = examples[0][$"  {Told.Program} ".Length..].Split(['|', '>'])[0];
        // With the help at its end an example does nothing, and is refused all the same where it has an unknown word.
        Assert.Equal(0, (await Told.ByAsync([.. words.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"])).Code);
    }

    [Fact]
    public async Task The_help_of_the_whole_lists_every_command()
    {
        var help = await Told.ByAsync("--help");
        Assert.All(Names.Select(row => row.Data).Where(name => !name.Contains(' ', StringComparison.Ordinal)), name => Assert.Matches($@"(?m)^  {name}\b", help.Output));
        Assert.Equal(help, await Told.ByAsync("help"));
    }

    [Theory]
    [InlineData("--workers: expected a whole number from 1 to 64, found '0'.", "run", "--workers", "0")]
    [InlineData("--workers: expected a whole number from 1 to 64, found 'many'.", "run", "--workers", "many")]
    [InlineData("--workers: expected a whole number from 0 to 64, found '-1'.", "start", "--workers", "-1")]
    [InlineData("--limit: expected a whole number from 1 to 100, found '1e9'.", "list", "--limit", "1e9")]
    [InlineData("--configuration: expected one of Debug, Release; found 'debug'.", "run", "--configuration", "debug")]
    [InlineData("Unrecognized option '--wrokers'.", "run", "--wrokers", "2")]
    [InlineData("Required argument", "status")]
    [InlineData("Did you mean", "rnu")]
    [InlineData("To run a plan: dotnet run local.cs -- run mine.json", "mine.json")]
    [InlineData("Required command was not provided.", "data")]
    [InlineData("Required command was not provided.")]
    [InlineData("Option '--from' is required.", "model", "import", "--to", "x")]
    [InlineData("expected bash, zsh, fish or pwsh; found 'tcsh'", "completion", "tcsh")]
    [InlineData("there is no file nowhere.json", "run", "nowhere.json")]
    [InlineData("there is no file nowhere.json", "check", "nowhere.json")]
    [InlineData("one of cpu", "price", "--machine", "abacus")]
    [InlineData("it cannot be read", "price", "--rates", "nowhere.json")]
    [InlineData("Expected an http or https address", "list", "--url", "my-app")]
    [InlineData("--methods: expected a list of", "new", "/tmp/never-written.json", "--yes", "--methods", "srl,magic")]
    [InlineData("--name: expected lower-case letters", "new", "/tmp/never-written.json", "--yes", "--name", "My Plan")]
    public async Task Wrong_words_are_refused_with_what_was_expected(string expected, params string[] args)
    {
        var told = await Told.ByAsync(args);
        Assert.Equal(Exit.Refused, told.Code);
        Assert.Equal("", told.Output);
        Assert.Contains(expected, told.Faults, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"System\.|Exception|   at ", told.Faults);
    }

    [Theory]
    [InlineData("No host runs in this checkout", "list")]
    [InlineData("No host runs in this checkout", "watch", "any")]
    [InlineData("CURRICULUM_KEY", "list", "--url", "http://127.0.0.1:9")]
    public async Task A_host_that_is_not_there_or_has_no_key_is_told_with_an_exit_code_of_its_own(string expected, params string[] args)
    {
        var told = await Told.ByAsync(args);
        Assert.Equal((Exit.NoHost, ""), (told.Code, told.Output));
        Assert.Contains(expected, told.Faults, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_of_the_checkout_that_was_killed_is_told_by_its_address()
    {
        var data = Directory.CreateTempSubdirectory("cli-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(data.FullName, "host.url"), "http://127.0.0.1:9/", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(data.FullName, "host.key"), "k", TestContext.Current.CancellationToken);
            var told = await Told.InAsync(data.FullName, "status", "any");
            Assert.Equal(Exit.NoHost, told.Code);
            Assert.Contains("http://127.0.0.1:9/ does not answer", told.Faults, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Words_are_completed_and_so_are_the_runs_that_were_seen_here()
    {
        var data = Directory.CreateTempSubdirectory("cli-");
        try
        {
            Directory.CreateDirectory(Path.Combine(data.FullName, "runs", "quick-1a2b3c-1"));
            Assert.Contains("verdict", (await Told.InAsync(data.FullName, "[suggest:3]", "ver")).Output.Split('\n', StringSplitOptions.TrimEntries));
            Assert.Contains("--workers", (await Told.InAsync(data.FullName, "[suggest:6]", "run --")).Output.Split('\n', StringSplitOptions.TrimEntries));
            Assert.Contains("quick-1a2b3c-1", (await Told.InAsync(data.FullName, "[suggest:8]", "verdict ")).Output.Split('\n', StringSplitOptions.TrimEntries));
            Assert.Contains("[suggest:$at]", (await Told.InAsync(data.FullName, "completion", "bash")).Output, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_cannot_be_taken_back_is_not_done_where_nobody_can_be_asked()
    {
        var data = Directory.CreateTempSubdirectory("cli-");
        try
        {
            await File.WriteAllTextAsync(Path.Combine(data.FullName, "host.url"), "http://127.0.0.1:9/", TestContext.Current.CancellationToken);
            await File.WriteAllTextAsync(Path.Combine(data.FullName, "host.key"), "k", TestContext.Current.CancellationToken);
            var told = await Told.InAsync(data.FullName, "purge", "any");
            Assert.Equal(Exit.Refused, told.Code);
            Assert.Contains("Expected --yes", told.Faults, StringComparison.Ordinal);
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    [Fact]
    public void Every_option_and_argument_says_what_it_is()
    {
        var session = new Session(new(Path.GetTempPath()), TimeProvider.System, TextWriter.Null, TextWriter.Null);
        Assert.All(Below(CommandLine.Commands(session, "")), command =>
        {
            Assert.False(string.IsNullOrWhiteSpace(command.Description), command.Name);
            Assert.All(command.Options.Cast<Symbol>().Concat(command.Arguments), symbol => Assert.False(string.IsNullOrWhiteSpace(symbol.Description), $"{command.Name} {symbol.Name}"));
        });
    }

    private static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(Below).Prepend(command);
}
