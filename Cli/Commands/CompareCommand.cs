using System.CommandLine;
using System.Text.Json;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Evaluation;

namespace Cli.Commands;

/// <summary><c>compare</c>: several runs' verdicts held together.</summary>
internal static class CompareCommand
{
    public static Command Of(Session session)
    {
        Argument<string[]> runs = new("runs") { Description = "Ids of concluded runs, or files of verdicts.", Arity = new(2, 50) };
        runs.CompletionSources.Add(context => session.Run().GetCompletions(context).Select(item => item.Label));
        CliCommand command = new(
            "compare", "Hold the verdicts of several runs together: what is general, and how it depends on the base.",
            "compare quick-1a2b3c-1 quick-1a2b3c-2", "compare yesterday/verdict.json quick-1a2b3c-2 --json")
        {
            runs, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            List<RunVerdict> verdicts = [];
            foreach (var run in parsed.GetRequiredValue(runs))
            {
                var content = File.Exists(run)
                    ? await File.ReadAllBytesAsync(run, cancellationToken)
                    : (await VerdictCommand.ReadAsync(session, parsed, screen, run, withReport: false, cancellationToken)).Verdict;
                verdicts.Add(Read(run, content));
            }

            var study = Study.Of(verdicts);
            if (screen.IsJson)
            {
                screen.Answer(JsonSerializer.Serialize(study, StudyJson.Default.Study));
                return Exit.Done;
            }

            foreach (var part in StudyView.Of(study))
                screen.Show(part);
            if (verdicts.Select(verdict => (verdict.Benchmark, verdict.PrimaryMetric)).Distinct().Count() > 1)
                screen.Warn("The scores are not comparable: the runs were measured on different benchmarks or by different metrics. Gains within a run are.");
            return Exit.Done;
        });
        return command;
    }

    private static RunVerdict Read(string name, byte[] content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, VerdictJson.Default.RunVerdict) ?? throw new JsonException("null");
        }
        catch (JsonException fault)
        {
            throw CommandException.Refused($"Expected a verdict in {name}: {Curriculum.Texts.JsonFault.Words(fault)}");
        }
    }
}
