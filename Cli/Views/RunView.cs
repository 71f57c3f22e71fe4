using System.Globalization;
using Cli.Terminal;
using Curriculum.Api;
using Spectre.Console;

namespace Cli.Views;

/// <summary>A run's state as a line, and its arms as a table or a line each.</summary>
internal static class RunView
{
    /// <summary>The part of all trainings that is done.</summary>
    public static double Share(RunStatus run) =>
        run.Trainings == 0 ? 1 : (run.Arms ?? []).Sum(arm => arm.HasEnded ? 1 : Math.Min(1, arm.Share)) / run.Trainings;

    public static string Summary(RunStatus run, TimeSpan age)
    {
        var doing = (run.State == RunState.Running ? run.Phase : null) ?? ApiJson.Code(run.State);
        return $"[bold]{SafeMarkup.Of(run.Id)}[/]  {SafeMarkup.Of(doing)}  {Durations.Of(age)}  {Share(run).ToString("0 %", CultureInfo.InvariantCulture)} of the training budget spent";
    }

    public static Table Arms(RunStatus run)
    {
        var table = new Table().RoundedBorder().AddColumns("arm", "seed", "stage", "iteration", "reward", "useful", "validation", "tokens/s", "budget", "note");
        foreach (var arm in run.Arms ?? [])
        {
            table.AddRow(
                SafeMarkup.Of(arm.Arm), Text(arm.Seed), Stage(arm), Text(arm.Iteration), Text(arm.MeanReward, "0.00"), Text(arm.UsefulGroups, "0 %"),
                Text(arm.ValidationAccuracy, "0.0 %"), Text(arm.TokensPerSecond, "#,0"), Bar(arm.Share), SafeMarkup.Of(Note(arm)));
        }

        return table;
    }

    public static string Line(ArmProgress arm) => string.Join(
        "  ", $"{arm.Arm}/{Text(arm.Seed)}", Stage(arm), $"iteration {Text(arm.Iteration)}", $"reward {Text(arm.MeanReward, "0.00")}", $"useful {Text(arm.UsefulGroups, "0 %")}",
        $"validation {Text(arm.ValidationAccuracy, "0.0 %")}", $"{Text(arm.TokensPerSecond, "#,0")} tokens/s", $"spent {Text(arm.Share, "0 %")}", Note(arm)).TrimEnd();

    /// <summary>What failed, the incidents, and what the run came to.</summary>
    public static IEnumerable<string> Remarks(RunStatus run)
    {
        foreach (var failure in run.Failures ?? [])
            yield return $"[red]{SafeMarkup.Of(failure.Text)}[/]";
        foreach (var incident in run.Incidents ?? [])
            yield return $"[yellow]{incident.At.ToString("u", CultureInfo.InvariantCulture)}  {SafeMarkup.Of(incident.What)}[/]";
        if (run.From is { } from)
            yield return SafeMarkup.Of($"Goes on from {from.Run}.");
        if (run.Headline is { } headline)
            yield return $"[bold]{SafeMarkup.Of(headline)}[/]";
    }

    public static Table List(IEnumerable<RunStatus> runs, DateTimeOffset now)
    {
        var table = new Table().RoundedBorder().AddColumns("run", "plan", "state", "submitted", "came to");
        foreach (var run in runs)
        {
            table.AddRow(
                SafeMarkup.Of(run.Id), SafeMarkup.Of(run.Name ?? "-"), State(run), $"{Durations.Ago(now - run.SubmittedAt)} ago",
                SafeMarkup.Of(run.Headline ?? (run.Failures is { Count: > 0 } failures ? failures[0].Text : null) ?? run.Phase ?? ""));
        }

        return table;
    }

    private static string State(RunStatus run)
    {
        var code = ApiJson.Code(run.State);
        return run.State switch
        {
            RunState.Completed => $"[green]{code}[/]",
            RunState.Failed or RunState.Unreadable => $"[red]{code}[/]",
            RunState.Canceled or RunState.Paused or RunState.Suspended => $"[yellow]{code}[/]",
            _ => code,
        };
    }

    private static string Stage(ArmProgress arm) =>
        arm.Method is null ? "" : FormattableString.Invariant($"{arm.Stage + 1}/{arm.Stages} {ApiJson.Code(arm.Method.Value)}");

    private static string Note(ArmProgress arm) => arm.Outcome is { } outcome ? ApiJson.Code(outcome) : arm.Waiting ?? "";

    private static string Bar(double share)
    {
        var full = (int)Math.Round(Math.Clamp(share, 0, 1) * 12);
        return $"[green]{new string('━', full)}[/][grey]{new string('━', 12 - full)}[/] {share.ToString("0 %", CultureInfo.InvariantCulture)}";
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(double? number, string format) => number?.ToString(format, CultureInfo.InvariantCulture) ?? "-";
}
