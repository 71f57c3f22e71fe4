using System.CommandLine;
using System.Text.Json;
using Cli.Hosts;
using Cli.Local;
using Cli.Plans;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;

namespace Cli.Commands;

/// <summary><c>submit</c>: a plan to a host that runs, here or elsewhere.</summary>
internal static class SubmitCommand
{
    public static Command Of(Session session)
    {
        Argument<string> plan = new("plan") { Description = "The plan's file." };
        Option<string?> key = new("--key") { Description = "Makes the submission repeatable: the same key and plan give the same run.", HelpName = "text" };
        Option<bool> watch = new("--watch") { Description = "Watch the run until it ends." };
        CliCommand command = new(
            "submit", "Submit a plan to a host. For the host of this checkout, the model and data sets beside the plan are uploaded first.",
            "submit mine.json", "submit mine.json --key tuesday --watch", "submit mine.json --url https://my-app.azurewebsites.net --json")
        {
            plan, key, watch, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var file = PlanFile.Read(parsed.GetRequiredValue(plan));
            PlanCheck.Of(file, session.Checkout, price: null).Refuse(file.Path);
            var host = await session.HostAsync(parsed, screen, cancellationToken);
            if (host.StorageConnection is { } storage)
                await screen.StepAsync("Uploading models and data sets", () => InputUpload.ForAsync(storage, file, file.Reading.Plan!, session.Checkout, cancellationToken));
            using var runs = new RunsClient(host);
            var accepted = await runs.SubmitAsync(file.Content, parsed.GetValue(key), cancellationToken);
            Tell(screen, accepted, parsed.GetValue(watch));
            return parsed.GetValue(watch) ? await WatchCommand.FollowAsync(session, screen, runs, accepted.Id, cancellationToken) : Exit.Done;
        });
        return command;
    }

    /// <summary>Says what was started; as JSON unless the verdict is to follow.</summary>
    public static void Tell(Screen screen, RunAccepted accepted, bool watched)
    {
        if (screen.IsJson && !watched)
        {
            screen.Answer(JsonSerializer.Serialize(accepted, ApiJson.Default.RunAccepted));
            return;
        }

        screen.Say($"Run {accepted.Id} {(accepted.Existing ? "was there already" : "started")}.");
        screen.Say(PriceView.Line(accepted.Price));
    }
}
