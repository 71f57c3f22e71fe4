using System.Globalization;
using Cli.Hosts;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Api;
using Spectre.Console;

namespace Cli.Watching;

/// <summary>Shows a run until it has ended: a table that is kept up to date, or a line per change where output is redirected.</summary>
/// <param name="runs">Where the run is.</param>
/// <param name="screen">Where it is shown.</param>
/// <param name="clock">Measures waits and estimates.</param>
/// <param name="look">Looks after what the run rests on, and says what a person should know; throws where the run cannot go on.</param>
internal sealed class Watch(RunsClient runs, Screen screen, TimeProvider clock, Func<IReadOnlyList<string>> look)
{
    private static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan LineEvery = TimeSpan.FromSeconds(10);

    private readonly List<string> _notices = [];
    private readonly Dictionary<string, (string Shown, int Iteration, long At)> _lines = [];
    private readonly long _startedAt = clock.GetTimestamp();
    private double? _firstShare;

    public async Task<RunStatus> UntilEndAsync(string id, CancellationToken cancellationToken)
    {
        if (!screen.IsLive)
            return await FollowAsync(id, WriteChanges, cancellationToken);
        RunStatus? last = null;
        await screen.Console().Live(new Text("")).StartAsync(async display =>
            last = await FollowAsync(id, run => display.UpdateTarget(Table(run)), cancellationToken));
        return last!;
    }

    private async Task<RunStatus> FollowAsync(string id, Action<RunStatus> show, CancellationToken cancellationToken)
    {
        var heardAt = clock.GetTimestamp();
        var known = false;
        while (true)
        {
            foreach (var notice in look())
            {
                _notices.Add(notice);
                if (!screen.IsLive)
                    screen.Warn(notice);
            }

            try
            {
                var run = await runs.StatusAsync(id, cancellationToken);
                (heardAt, known) = (clock.GetTimestamp(), true);
                show(run);
                if (run.HasEnded || run.State is RunState.Unreadable or RunState.Purging)
                    return run;
            }
            catch (CommandException fault) when (known && fault.ExitCode == Exit.NoHost)
            {
                // A busy host may miss a request, and one that restarts several.
                if (clock.GetElapsedTime(heardAt) > SilenceLimit)
                    throw CommandException.NoHost($"The host has not answered for {SilenceLimit.TotalSeconds:0} s: {fault.Message}");
            }

            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellationToken);
        }
    }

    private Rows Table(RunStatus run) =>
        new([new Markup(Summary(run)), RunView.Arms(run), .. _notices.Select(notice => new Markup($"[yellow]{SafeMarkup.Of(notice)}[/]"))]);

    private void WriteChanges(RunStatus run)
    {
        WriteChange("", $"{run.State}/{run.Phase}", 0, () => Summary(run));
        foreach (var arm in run.Arms ?? [])
        {
            WriteChange(
                $"{arm.Arm}/{arm.Seed}", $"{arm.Stage}/{arm.Attempt}/{arm.Outcome}/{arm.ValidationAccuracy}/{arm.Waiting}", arm.Iteration,
                () => SafeMarkup.Of(RunView.Line(arm)));
        }
    }

    /// <summary>Writes a line where something new is to be told; iterations are many, and are news every ten seconds only.</summary>
    private void WriteChange(string key, string shown, int iteration, Func<string> line)
    {
        if (_lines.TryGetValue(key, out var last)
            && last.Shown == shown
            && (last.Iteration == iteration || clock.GetElapsedTime(last.At) < LineEvery))
        {
            return;
        }

        _lines[key] = (shown, iteration, clock.GetTimestamp());
        screen.Show(line());
    }

    private string Summary(RunStatus run)
    {
        var share = RunView.Share(run);
        _firstShare ??= share;
        var text = RunView.Summary(run, clock.GetUtcNow() - run.SubmittedAt);
        // What was spent before this process looked on says nothing about the speed.
        return share < 1 && share - _firstShare > 0.02
            ? string.Create(CultureInfo.InvariantCulture, $"{text}, about {Durations.Of(clock.GetElapsedTime(_startedAt) * ((1 - share) / (share - _firstShare.Value)))} of training left")
            : text;
    }
}
