using System.Globalization;
using Cli.Terminal;
using Curriculum.Evaluation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Views;

/// <summary>Several runs held together: each arm's score and gain over its own base, and what is general.</summary>
internal static class StudyView
{
    public static IEnumerable<IRenderable> Of(Study study)
    {
        var table = new Table().RoundedBorder().AddColumns("plan", "base", "base %", "arm", "score %", "gain in points");
        foreach (var run in study.Runs)
        {
            foreach (var arm in run.Arms)
            {
                table.AddRow(
                    SafeMarkup.Of($"{run.Name} ({run.PlanHash[..6]})"), SafeMarkup.Of(run.Family ?? "not stated"), Percent(run.BaseScore),
                    SafeMarkup.Of(arm.Spurious ? $"{arm.Arm} (spurious reward)" : arm.Arm), Percent(arm.Score),
                    arm.Gain is { } gain ? (gain * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture) : "-");
            }
        }

        yield return table;
        foreach (var mismatch in study.Mismatches)
            yield return new Markup($"[red]{SafeMarkup.Of(mismatch)}[/]\n");
        yield return new Markup($"[bold]{SafeMarkup.Of(study.Headline)}[/]\n");
    }

    private static string Percent(double? share) => share is { } value ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
