using System.CommandLine;
using Cli.Hosts;
using Cli.Local;
using Cli.Plans;
using Cli.Terminal;

namespace Cli.Commands;

/// <summary><c>verdict</c>: what a run came to, from its host or from what was kept here.</summary>
internal static class VerdictCommand
{
    public static Command Of(Session session)
    {
        var run = session.Run();
        Option<string?> report = new("--report") { Description = "Also write the report, one self-contained page, to this file.", HelpName = "file" };
        CliCommand command = new(
            "verdict", "Show what a run came to, from what was kept in .local/runs, else from its host. A plan's name stands for the newest run of it that was kept.",
            "verdict quick", "verdict quick-1a2b3c-1", "verdict quick-1a2b3c-1 --report report.html", "verdict quick-1a2b3c-1 --json | jq .headline")
        {
            run, report, CommonOptions.Url, CommonOptions.Json,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var id = parsed.GetRequiredValue(run);
            var conclusion = new Conclusion(screen, session.Checkout);
            var (verdict, page) = await ReadAsync(session, parsed, screen, id, parsed.GetValue(report) is not null, cancellationToken);
            conclusion.Show(verdict);
            if (parsed.GetValue(report) is { } path)
            {
                await File.WriteAllBytesAsync(path, page ?? throw CommandException.Failed($"Run {id} has no report."), cancellationToken);
                screen.Say($"Written: {path}");
            }

            return Exit.Done;
        });
        return command;
    }

    // A plan's name stands for the newest of its runs that was kept here.
    private static string Kept(Checkout checkout, string run)
    {
        var folder = Path.Combine(checkout.Data, "runs");
        return Path.GetFileName(run) != run ? "-"
            : Directory.Exists(Path.Combine(folder, run)) || !Directory.Exists(folder) ? run
            : Directory.EnumerateDirectories(folder, $"{run}-*").Where(found => File.Exists(Path.Combine(found, "verdict.json")))
                .OrderByDescending(found => File.GetLastWriteTimeUtc(Path.Combine(found, "verdict.json"))).Select(found => Path.GetFileName(found)).FirstOrDefault() ?? run;
    }

    /// <summary>A run's verdict, and its report where it is wanted.</summary>
    public static async Task<(byte[] Verdict, byte[]? Report)> ReadAsync(
        Session session, ParseResult parsed, Screen screen, string run, bool withReport, CancellationToken cancellationToken)
    {
        var found = Kept(session.Checkout, run);
        var (kept, report) = (session.Checkout.Verdict(found), session.Checkout.Report(found));
        var named = parsed.GetValue(CommonOptions.Url) is not null || Environment.GetEnvironmentVariable(HostAddress.UrlVariable) is { Length: > 0 };
        if (!named && File.Exists(kept))
        {
            return (
                await File.ReadAllBytesAsync(kept, cancellationToken),
                withReport && File.Exists(report) ? await File.ReadAllBytesAsync(report, cancellationToken) : null);
        }

        using var runs = await session.ConnectAsync(parsed, screen, cancellationToken);
        var verdict = await runs.ConclusionAsync(run, "verdict", cancellationToken)
            ?? throw CommandException.Failed($"Run {run} has not concluded: 'watch {run}' waits for it.");
        return (verdict, withReport ? await runs.ConclusionAsync(run, "report", cancellationToken) : null);
    }
}
