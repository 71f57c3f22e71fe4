using System.CommandLine;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Cli.Plans;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary><c>schedule</c>: runs a plan again and again.</summary>
internal static class ScheduleCommand
{
    public static Command Of(Session session)
    {
        Argument<string> name = new("name") { Description = "The schedule's name, which the ids of its runs begin with." };
        Argument<string> plan = new("plan") { Description = "The plan's file." };
        Option<string?> cron = new("--cron") { Description = "Minute, hour, day, month, weekday. Default: 0 2 * * *, each night at two.", HelpName = "expression" };
        Option<string?> zone = new("--time-zone") { Description = "The IANA name of the time zone. Default: UTC.", HelpName = "name" };
        CliCommand command = new(
            "schedule", "Have a host run a plan again and again, each night unless told otherwise (docs/SCHEDULES.md).",
            "schedule nightly mine.json", "schedule weekly mine.json --cron \"0 4 * * 1\" --time-zone Europe/Berlin")
        {
            name, plan, cron, zone, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var file = PlanFile.Read(parsed.GetRequiredValue(plan));
            if (!file.Reading.Valid)
                throw CommandException.Refused($"{file.Path} is refused:\n{Violations.Lines(file.Reading.Violations.Select(violation => (violation.Pointer, violation.Message)))}");
            var schedule = new JsonObject
            {
                ["plan"] = JsonNode.Parse(file.Content, documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true }),
            };
            if (parsed.GetValue(cron) is { } times)
                schedule["cron"] = times;
            if (parsed.GetValue(zone) is { } place)
                schedule["timeZone"] = place;
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var kept = await runs.ScheduleAsync(parsed.GetRequiredValue(name), Encoding.UTF8.GetBytes(schedule.ToJsonString()), cancellationToken);
            if (screen.IsJson)
                screen.Answer(Encoding.UTF8.GetString(kept));
            else
                screen.Say($"Schedule {parsed.GetRequiredValue(name)} is kept; its next run begins at {(string?)JsonNode.Parse(kept)?["next"] ?? "a time that the host tells"}.");
            return Exit.Done;
        });
        return command;
    }
}
