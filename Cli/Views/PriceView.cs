using System.Globalization;
using Cli.Terminal;
using Curriculum.Costs;
using Spectre.Console;

namespace Cli.Views;

/// <summary>A price in words.</summary>
internal static class PriceView
{
    public static Table Table(PlanPrice price)
    {
        var table = new Table().RoundedBorder().AddColumns("part", "worker seconds", "count", $"cost in {price.Currency}");
        foreach (var line in price.Lines)
        {
            table.AddRow(
                SafeMarkup.Of(line.Part), Range(line.WorkerSeconds, "#,0"),
                line.Count is null ? "" : $"{Range(line.Count, "#,0")} {line.Unit}", Range(line.Cost, "0.0000"));
        }

        return table;
    }

    public static string Line(PlanPrice price) => price.Total is { } total
        ? FormattableString.Invariant(
            $"Priced at {Range(total, "0.00##")} {price.Currency} and {Range(price.WorkerSeconds, "#,0")} worker seconds on '{price.Machine}' in Azure (rates of {price.RatesAsOf}, docs/COST.md).")
        : $"Not priced: {price.Missing}";

    private static string Range(CostRange? range, string format) => range is null ? "-"
        : range.Least.ToString(format, CultureInfo.InvariantCulture) is var least && range.Most.ToString(format, CultureInfo.InvariantCulture) is var most && least == most
            ? least
            : $"{least} to {most}";
}
