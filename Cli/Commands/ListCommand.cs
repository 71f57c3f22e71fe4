using System.CommandLine;
using System.Text.Json;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;

namespace Cli.Commands;

/// <summary><c>list</c>: the host's runs, the newest first.</summary>
internal static class ListCommand
{
    public static Command Of(Session session)
    {
        var limit = CommonOptions.Number("--limit", "How many. Default: 20.", 1, 100);
        Option<string?> before = new("--before") { Description = "Go on where a page ended: what it gave as next.", HelpName = "next" };
        Option<string?> prefix = new("--prefix") { Description = "How the ids begin.", HelpName = "text" };
        Option<bool> unfinished = new("--unfinished") { Description = "Only runs that have not ended." };
        CliCommand command = new(
            "list", "List runs, the newest first.",
            "list", "list --unfinished", "list --prefix quick- --limit 100 --json", "list --url https://my-app.azurewebsites.net")
        {
            limit, before, prefix, unfinished, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var page = await runs.ListAsync(parsed.GetValue(limit) ?? 20, parsed.GetValue(before), parsed.GetValue(prefix), parsed.GetValue(unfinished), cancellationToken);
            if (screen.IsJson)
                screen.Answer(JsonSerializer.Serialize(page, ApiJson.Default.RunList));
            else if (page.Runs.Count == 0)
                screen.Say("There are no such runs.");
            else
                screen.Show(RunView.List(page.Runs, session.Clock.GetUtcNow()));
            if (page.Next is { } next && !screen.IsJson)
                screen.Say($"There are more: --before {next}");
            return Exit.Done;
        });
        return command;
    }
}
