using System.CommandLine;
using System.Globalization;
using System.Text.RegularExpressions;
using Cli.Plans;
using Cli.Terminal;
using Curriculum.Problems;

namespace Cli.Commands;

/// <summary><c>new</c>: a commented plan from a few questions, or from flags.</summary>
internal static partial class NewCommand
{
    private static readonly string[] Methods = ["srl", "rlvr", "sft", "expert-iteration", "best-of-n", "return-conditioned"];

    public static Command Of(Session session, string program)
    {
        Argument<string?> path = new("plan") { Description = "The file to write. Default: plan.json.", Arity = ArgumentArity.ZeroOrOne };
        Option<string?> name = new("--name") { Description = "The plan's name: lower-case letters, digits and hyphens. Default: the file's.", HelpName = "name" };
        Option<string?> data = new("--data") { Description = "A data set in JSON Lines, beside the plan (docs/DATA.md). Default: the generated problems two-dials.", HelpName = "file" };
        Option<string?> model = new("--model")
        {
            Description = "The base: a folder of that name under models/ beside the plan. Default: the first that is there; for the generated problems two-dials, which is shipped and can read no others.",
            HelpName = "name",
        };
        Option<string?> methods =
            new("--methods") { Description = $"The curriculum's methods in order, of {string.Join(", ", Methods)}. Default: srl,rlvr, or what the data allows.", HelpName = "list" };
        Option<string?> beside = new("--beside") { Description = "Methods that are arms of their own besides the curriculum and its stages, such as sft. Default: none.", HelpName = "list" };
        var budget = CommonOptions.Number("--budget", "Compute units for each arm. Default: 1000000.", 1, int.MaxValue);
        var seeds = CommonOptions.Number("--seeds", "How many seeds; under three decide nothing. Default: 3.", 1, 50);
        Option<bool> force = new("--force") { Description = "Write over a file that is there." };
        CliCommand command = new(
            "new", "Write a commented plan from a few questions; a flag answers its question, and --yes takes the defaults for the rest.",
            "new", "new mine.json --yes", "new mine.json --data sums.jsonl --model my-model --methods srl,rlvr --beside sft --seeds 3")
        {
            path, name, data, model, methods, beside, budget, seeds, force, CommonOptions.Yes,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var screen = session.Screen(parsed);
            var file = Path.GetFullPath(parsed.GetValue(path) ?? "plan.json");
            if (File.Exists(file) && !parsed.GetValue(force))
                throw CommandException.Refused($"Expected a file that is not there yet, found {file}: name another, or say --force.");
            var asks = screen.CanAsk && !parsed.GetValue(CommonOptions.Yes);
            async Task<string> AnswerAsync(string? given, string question, string standard) =>
                given ?? (asks ? await screen.AskAsync(question, standard, [], cancellationToken) : standard);

            var folder = Path.GetDirectoryName(file)!;
            var chosen = await AnswerAsync(parsed.GetValue(name), "Name of the plan:", NameOf(file));
            if (!PlanName().IsMatch(chosen))
                throw CommandException.Refused($"--name: expected lower-case letters, digits and hyphens, at most 40; found '{chosen}'.");
            var source = await AnswerAsync(parsed.GetValue(data), "Data set beside the plan (JSON Lines), or two-dials for generated problems:", TwoDials.FamilyName);
            var (family, dataset, size) = Data(folder, source);
            var policy = await AnswerAsync(parsed.GetValue(model), "Base model, a folder under models/ beside the plan:", StandardModel(folder, dataset));
            IReadOnlyList<string> stages = Stages("--methods", await AnswerAsync(parsed.GetValue(methods), "Methods of the curriculum, in order:", StandardMethods(size)), size);
            IReadOnlyList<string> others = parsed.GetValue(beside) is { } list ? Stages("--beside", list, size) : [];
            var units = parsed.GetValue(budget) ?? Number(await AnswerAsync(null, "Budget of each arm in compute units:", "1000000"), "--budget");
            var repeats = parsed.GetValue(seeds) ?? Number(await AnswerAsync(null, "How many seeds (three or more decide something):", "3"), "--seeds");
            var plan = new NewPlan
            {
                Name = chosen,
                Family = family,
                Dataset = dataset,
                Size = size,
                Model = policy,
                Chat = HasChatTemplate(Path.Combine(folder, "models", policy)),
                Methods = stages,
                Beside = [.. others.Except(stages)],
                Budget = units,
                Seeds = repeats,
                Schema = Path.GetRelativePath(folder, session.Checkout.Schema).Replace('\\', '/'),
            };
            Directory.CreateDirectory(folder);
            await File.WriteAllTextAsync(file, NewPlanText.Of(plan), cancellationToken);
            screen.Say($"Written: {file}");
            screen.Say($"Next: {program} check {Path.GetRelativePath(Environment.CurrentDirectory, file)}");
            return Exit.Done;
        });
        return command;
    }

    private static (string Family, string? Dataset, DatasetSize? Size) Data(string folder, string answer)
    {
        if (answer == TwoDials.FamilyName)
            return (TwoDials.FamilyName, null, null);
        var path = Path.GetFullPath(answer) is var here && File.Exists(here) ? here : Path.Combine(folder, answer);
        var (family, size) = DatasetSizes.Of(path);
        return Path.GetFullPath(Path.GetDirectoryName(path)!) == Path.GetFullPath(folder)
            ? (family, Path.GetFileName(path), size)
            : throw CommandException.Refused($"--data: expected a file in the plan's own folder, {folder}; found {path}. Copy it there, or write the plan beside it.");
    }

    // A model that is there goes before the shipped one, which knows nothing but its own problems.
    private static string StandardModel(string folder, string? dataset) => dataset is null ? "two-dials"
        : Directory.Exists(Path.Combine(folder, "models")) && Directory.EnumerateDirectories(Path.Combine(folder, "models")).Order(StringComparer.Ordinal).FirstOrDefault() is { } first
            ? Path.GetFileName(first)
            : throw CommandException.Refused($"--model: expected a model for problems that are read; there is none under {Path.Combine(folder, "models")} (docs/MODELS.md).");

    private static string StandardMethods(DatasetSize? size) => size is { Demonstrations: 0 } ? "rlvr" : "srl,rlvr";

    private static List<string> Stages(string option, string answer, DatasetSize? size)
    {
        List<string> stages = [.. answer.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries)];
        if (stages.Count == 0 || stages.FirstOrDefault(stage => !Methods.Contains(stage)) is not null)
            throw CommandException.Refused($"{option}: expected a list of {string.Join(", ", Methods)}, such as srl,rlvr; found '{answer}'.");
        return size is { Demonstrations: 0 } && stages.FirstOrDefault(stage => stage is "srl" or "sft") is { } imitating
            ? throw CommandException.Refused($"{option}: {imitating} needs an expert's steps, and the data set has none: leave it out, or add steps.")
            : stages;
    }

    private static int Number(string answer, string option) =>
        int.TryParse(answer, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw CommandException.Refused($"{option}: expected a whole number above 0, found '{answer}'.");

    private static bool HasChatTemplate(string folder) =>
        Path.Combine(folder, "tokenizer_config.json") is var file && File.Exists(file) && File.ReadAllText(file).Contains("\"chat_template\"", StringComparison.Ordinal);

    private static string NameOf(string file)
    {
        var name = NotInNames().Replace(Path.GetFileNameWithoutExtension(file).ToLowerInvariant(), "-").Trim('-');
        return name.Length == 0 ? "plan" : name[..Math.Min(40, name.Length)];
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,39}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PlanName();

    [GeneratedRegex("[^a-z0-9]+", RegexOptions.CultureInvariant)]
    private static partial Regex NotInNames();
}
