using System.CommandLine;
using System.Text.Json;
using Cli.Plans;
using Cli.Terminal;
using Cli.Views;
using Curriculum.Costs;

namespace Cli.Commands;

/// <summary><c>check</c> and <c>price</c>: a plan, without starting anything.</summary>
internal static class PlanCommands
{
    public static Command Check(Session session)
    {
        Argument<string> plan = new("plan") { Description = "The plan's file." };
        var (machine, rates) = PriceOptions();
        CliCommand command = new(
            "check", "Check a plan and the data sets beside it without starting anything: all that would refuse it, at once.",
            "check mine.json", "check mine.json --json")
        {
            plan, machine, rates, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var screen = session.Screen(parsed);
            var file = PlanFile.Read(parsed.GetRequiredValue(plan));
            var report = PlanCheck.Of(file, session.Checkout, new Price(parsed.GetValue(rates), parsed.GetValue(machine)!));
            if (screen.IsJson)
            {
                screen.Answer(JsonSerializer.Serialize(report, PlanReportJson.Default.PlanReport));
            }
            else
            {
                foreach (var note in report.Notes)
                    screen.Warn(note);
                if (!report.Valid)
                    screen.Fail($"{file.Path} would be refused:\n{report.Lines()}");
                if (report is { Valid: true, Price: { } price })
                    screen.Say($"{file.Path} is a plan that can run. {PriceView.Line(price)}");
            }

            return report.Valid ? Exit.Done : Exit.Refused;
        });
        return command;
    }

    public static Command Priced(Session session)
    {
        Argument<string?> plan = new("plan") { Description = "The plan's file. Default: samples/quick.json.", Arity = ArgumentArity.ZeroOrOne };
        var (machine, rates) = PriceOptions();
        CliCommand command = new(
            "price", "Price a plan in Azure, part by part; budget.maximumCost in the plan caps it.",
            "price", "price mine.json --machine a100", "price mine.json --rates my-rates.json --json")
        {
            plan, machine, rates, CommonOptions.Json,
        };
        command.SetAction(parsed =>
        {
            var screen = session.Screen(parsed);
            var file = PlanFile.Read(parsed.GetValue(plan) ?? session.Checkout.StandardPlan);
            var report = PlanCheck.Of(file, session.Checkout, new Price(parsed.GetValue(rates), parsed.GetValue(machine)!));
            if (report.Price is not { } price)
                throw CommandException.Refused($"{file.Path} is refused:\n{report.Lines()}");
            if (screen.IsJson)
            {
                screen.Answer(JsonSerializer.Serialize(report, PlanReportJson.Default.PlanReport));
            }
            else
            {
                screen.Show(PriceView.Table(price));
                screen.Say(PriceView.Line(price));
            }

            if (CostCap.Check(file.Reading.Plan!, price) is { } over)
                throw CommandException.Refused($"{file.Path} is refused:\n{Violations.Lines([(over.Pointer, over.Message)])}");
            return Exit.Done;
        });
        return command;
    }

    private static (Option<string> Machine, Option<string?> Rates) PriceOptions() => (
        new("--machine") { Description = "A machine of the rate table.", DefaultValueFactory = _ => "cpu", HelpName = "name" },
        new("--rates") { Description = "A rate table of your own. Default: the shipped one (docs/COST.md).", HelpName = "file" });
}
