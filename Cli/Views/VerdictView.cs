using System.Globalization;
using Cli.Terminal;
using Curriculum.Api;
using Curriculum.Evaluation;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Cli.Views;

/// <summary>The verdict as tables: each benchmark, each comparison, the caveats, and the sentence last.</summary>
internal static class VerdictView
{
    public static IEnumerable<IRenderable> Of(RunVerdict verdict)
    {
        foreach (var name in verdict.Arms.SelectMany(arm => arm.Benchmarks).Select(row => row.Name).Distinct())
        {
            var table = new Table().RoundedBorder()
                .Title(SafeMarkup.Of(FormattableString.Invariant($"{name}: accuracy with {verdict.Confidence * 100:0.#} % intervals")))
                .AddColumns("arm", "sampled %", "by seed", "greedy %", "by seed", "ended");
            foreach (var arm in verdict.Arms)
            {
                var mean = arm.Benchmarks.FirstOrDefault(found => found.Name == name);
                var seeds = arm.Seeds.Select(seed => seed.Benchmarks.FirstOrDefault(found => found.Name == name)).ToList();
                table.AddRow(
                    SafeMarkup.Of(arm.Arm), Percent(mean?.Sampled), string.Join(" / ", seeds.Select(seed => Percent(seed?.Sampled))),
                    Percent(mean?.Greedy), string.Join(" / ", seeds.Select(seed => Percent(seed?.Greedy.Value))), Ended(arm));
            }

            yield return table;
        }

        foreach (var comparison in verdict.Comparisons)
        {
            var difference = comparison.Difference is { } found
                ? FormattableString.Invariant($"{found.Value * 100:+0.0;-0.0;0.0} points ({found.Low * 100:+0.0;-0.0;0.0} to {found.High * 100:+0.0;-0.0;0.0})")
                : "no difference could be taken";
            var decision = comparison.Decision switch { Decision.Wins => "[green]wins[/]", Decision.Loses => "[red]loses[/]", _ => "[yellow]undecided[/]" };
            yield return new Markup(
                $"{SafeMarkup.Of($"{comparison.Curriculum} against {comparison.Against}")}: {decision}, {difference}. {SafeMarkup.Of(string.Join(" ", comparison.Reasons))}\n");
        }

        foreach (var caveat in verdict.Caveats)
            yield return new Markup($"[grey]{SafeMarkup.Of(caveat)}[/]\n");
        yield return new Markup($"[bold]{SafeMarkup.Of(verdict.Headline)}[/]\n");
    }

    /// <summary>How the seeds' stages ended, the outcomes alone where all are alike.</summary>
    private static string Ended(ArmVerdict arm)
    {
        var seeds = arm.Seeds.Select(seed => seed.Failure is null
            ? string.Join(", ", seed.Stages.Select(stage => ApiJson.Code(stage.Outcome)).Distinct().DefaultIfEmpty("-"))
            : "[red]failed[/]").ToList();
        return seeds.Distinct().Count() == 1 ? seeds[0] : string.Join(" / ", seeds);
    }

    private static string Percent(Estimate? estimate) => estimate is null
        ? "-"
        : FormattableString.Invariant($"{estimate.Value * 100:0.0} ({estimate.Low * 100:0.0} to {estimate.High * 100:0.0})");

    private static string Percent(double? share) => share is { } value ? (value * 100).ToString("0.0", CultureInfo.InvariantCulture) : "-";
}
