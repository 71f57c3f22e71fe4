using System.CommandLine;
using System.Text;
using System.Text.Json;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;

namespace Cli.Commands;

/// <summary><c>metrics</c>: what was measured of a run's training, for other tools.</summary>
internal static class MetricsCommand
{
    private const string Csv = "csv";
    private const string TensorBoard = "tensorboard";

    public static Command Of(Session session)
    {
        var run = session.Run();
        Option<string?> arm = new("--arm") { Description = "One arm. Default: all.", HelpName = "arm" };
        Option<string?> seed = new("--seed") { Description = "One seed. Default: all.", HelpName = "number" };
        var format = CommonOptions.OneOf("--format", "csv has a line for each value; tensorboard writes event files.", Csv, Csv, TensorBoard);
        Option<string?> to = new("--to") { Description = "A file, or a folder for event files. Default: the standard output.", HelpName = "path" };
        var worker = new WorkerStart();
        CliCommand command = new(
            "metrics", "Write every figure of every iteration, for a spreadsheet, a notebook or TensorBoard.",
            "metrics quick-1a2b3c-1 --to figures.csv", "metrics quick-1a2b3c-1 --format tensorboard --to events && tensorboard --logdir events")
        {
            run, arm, seed, format, to, CommonOptions.Url, CommonOptions.Json,
        };
        worker.AddTo(command);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var (chosen, path) = (parsed.GetRequiredValue(format), parsed.GetValue(to));
            if (chosen == TensorBoard && path is null)
                throw CommandException.Refused("Expected --to with a folder: event files are not for a terminal.");
            using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
            var metrics = await runs.MetricsAsync(parsed.GetRequiredValue(run), parsed.GetValue(arm), parsed.GetValue(seed), cancellationToken);
            if (chosen == TensorBoard)
            {
                await worker.BuildAsync(session, parsed, screen, cancellationToken);
                return await worker.StartAsync(
                    session, parsed, ["events", "--to", Path.GetFullPath(path!)], storage: null, JsonSerializer.SerializeToUtf8Bytes(metrics, ApiJson.Default.RunMetrics), cancellationToken);
            }

            var text = screen.IsJson ? JsonSerializer.Serialize(metrics, ApiJson.Default.RunMetrics) : MetricsTable.Csv(metrics);
            if (path is null)
                screen.Answer(text.TrimEnd());
            else
                await File.WriteAllTextAsync(path, text, new UTF8Encoding(false), cancellationToken);
            return Exit.Done;
        });
        return command;
    }
}
