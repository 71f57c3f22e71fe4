using System.CommandLine;
using Cli.Plans;
using Cli.Terminal;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;
using Curriculum.Verifiers;

namespace Cli.Commands;

/// <summary><c>data</c>: makes and checks data sets.</summary>
internal static class DataCommand
{
    public static Command Of(Session session) => new CliCommand(
        "data", "Make and check data sets: JSON Lines of {id, problem, steps, answer, released} (docs/DATA.md).",
        "data check mine.jsonl", "data gsm8k train.jsonl train-set.jsonl")
    {
        Gsm8kCommand(session), StepsCommand(session), CheckCommand(session), KeepCommand(session), SplitCommand(session),
    };

    private static CliCommand Gsm8kCommand(Session session)
    {
        var (source, target) = Files();
        Option<string> prefix = new("--prefix") { Description = "What the ids begin with.", DefaultValueFactory = _ => "gsm8k", HelpName = "text" };
        CliCommand command = new("gsm8k", "Convert GSM8K as published into a data set; every calculation is checked.", "data gsm8k train.jsonl train-set.jsonl") { source, target, prefix };
        command.SetAction(parsed => Write(
            session.Screen(parsed), parsed.GetRequiredValue(source), parsed.GetRequiredValue(target),
            lines => Gsm8kConversion.Convert(lines, parsed.GetRequiredValue(prefix))));
        return command;
    }

    private static CliCommand StepsCommand(Session session)
    {
        var (source, target) = Files();
        Option<string?> prefix = new("--prefix") { Description = "What the ids begin with. Default: the file's name.", HelpName = "text" };
        Option<string> problem = new("--problem") { Description = "The member with the problem.", DefaultValueFactory = _ => "question", HelpName = "member" };
        Option<string> solution = new("--solution") { Description = "The member with the solution.", DefaultValueFactory = _ => "solution", HelpName = "member" };
        Option<string> answer = new("--answer") { Description = "The member with the answer.", DefaultValueFactory = _ => "answer", HelpName = "member" };
        CliCommand command = new("steps", "Convert solutions in numbered steps into a data set.", "data steps s1k.jsonl set.jsonl --problem prompt")
        {
            source, target, prefix, problem, solution, answer,
        };
        command.SetAction(parsed => Write(
            session.Screen(parsed), parsed.GetRequiredValue(source), parsed.GetRequiredValue(target),
            lines => NumberedSteps.Convert(
                lines, new(parsed.GetRequiredValue(problem), parsed.GetRequiredValue(solution), parsed.GetRequiredValue(answer)),
                parsed.GetValue(prefix) ?? Path.GetFileNameWithoutExtension(parsed.GetRequiredValue(source)))));
        return command;
    }

    private static CliCommand CheckCommand(Session session)
    {
        Argument<string[]> files = new("files") { Description = "Data sets, or GSM8K as published.", Arity = ArgumentArity.OneOrMore };
        var verifier = Verifier();
        CliCommand command = new(
            "check", "Check data sets: faults by line, duplicates, overlap between the files, sizes of the splits, longest texts. Exit code 1 where something is found.",
            "data check train.jsonl test.jsonl", "data check code.jsonl --verifier unit-tests")
        {
            files, verifier,
        };
        command.SetAction(parsed => Check(session.Screen(parsed), parsed.GetRequiredValue(files), parsed.GetValue(verifier) is not null));
        return command;
    }

    private static CliCommand KeepCommand(Session session)
    {
        var (source, target) = Files();
        var verifier = Verifier();
        CliCommand command = new("keep", "Copy the lines that are neither faulty nor duplicates.", "data keep raw.jsonl sound.jsonl") { source, target, verifier };
        command.SetAction(parsed => Write(
            session.Screen(parsed), parsed.GetRequiredValue(source), parsed.GetRequiredValue(target),
            lines => SoundItems.Of(lines, parsed.GetValue(verifier) is not null)));
        return command;
    }

    private static CliCommand SplitCommand(Session session)
    {
        Argument<string> source = new("file") { Description = "A data set." };
        Argument<string> folder = new("folder") { Description = "Where train.jsonl, validation.jsonl and test.jsonl are written." };
        CliCommand command = new("split", "Write the splits of a data set to files of their own.", "data split mine.jsonl splits") { source, folder };
        command.SetAction(parsed => Split(session.Screen(parsed), parsed.GetRequiredValue(source), parsed.GetRequiredValue(folder)));
        return command;
    }

    private static (Argument<string> Source, Argument<string> Target) Files() =>
        (new("in") { Description = "The file to read." }, new("out") { Description = "The data set to write; what is rejected goes to the same name with .rejected.tsv." });

    private static Option<string?> Verifier() =>
        new("--verifier") { Description = "The operator's verifier that judges the answers, which are then not tried with the math verifier.", HelpName = "name" };

    private static int Write(Screen screen, string source, string target, Func<IReadOnlyList<string>, Conversion> convert)
    {
        var conversion = convert(DatasetSizes.Lines(source));
        File.WriteAllLines(target, conversion.Items.Select(item => item.ToLine()));
        File.WriteAllLines($"{target}.rejected.tsv", conversion.Rejected.Select(item => $"{item.Line}\t{item.Reason}\t{item.Detail.ReplaceLineEndings(" ")}"));
        screen.Say(
            $"{source}: {conversion.Items.Count + conversion.Rejected.Count} lines, {conversion.Items.Count} converted to {target}, {conversion.Rejected.Count} rejected ({target}.rejected.tsv)");
        foreach (var group in conversion.Rejected.GroupBy(item => item.Reason).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
            screen.Say($"  {group.Key,-24}{group.Count(),6}   e.g. line {group.First().Line}: {group.First().Detail.ReplaceLineEndings(" ")}");
        return Exit.Done;
    }

    private static int Check(Screen screen, string[] files, bool ownVerifier)
    {
        var sound = true;
        var sets = new List<(string File, IReadOnlyList<(string, string)> Problems)>();
        foreach (var file in files)
        {
            var lines = DatasetSizes.Lines(file);
            var findings = DatasetCheck.Of(lines, ownVerifier);
            var isGsm8k = findings.Family == Gsm8k.FamilyName;
            IReadOnlyList<Problem> problems = isGsm8k
                ? Gsm8kReader.Read(lines).Problems
                : [.. DatasetReader.Read(lines, ownVerifier).Items.Select(DatasetFamily.Pose)];
            (string Id, string Question)[] pairs = [.. problems.Select(problem => (problem.Id, problem.Question))];
            var found = pairs.ToLookup(pair => ContentHash.SplitOf(pair.Question));
            (DatasetSplit Split, int Count)[] splits =
                [.. Enum.GetValues<DatasetSplit>().Where(split => split != DatasetSplit.All).Select(split => (split, found[split].Count()))];
            screen.Say($"{file}: {problems.Count} items, {findings.Faults.Count} faults, {findings.Duplicates.Count} duplicates; {string.Join(", ", splits.Select(split => $"{split.Split} {split.Count}"))}");
            if (splits.Any(split => split.Count == 0))
                screen.Say($"  A split without a problem: a plan that trains, validates and tests on this set needs more. {DatasetSizes.Needed}");
            foreach (var fault in findings.All)
                screen.Say($"  line {fault.Line}: {fault.Message}");
            if (ProblemFamilies.Get(findings.Family).LeftOut(lines) is { } leftOut)
                screen.Say($"  {leftOut}");
            var (step, solution) = StepTargets.Longest(problems);
            screen.Say($"  longest step {step} characters, longest solution {solution} (stages take {StepSimilarityReward.StandardLongest}, or reward.longestTarget)");
            var asWritten = ownVerifier || isGsm8k ? [] : problems.Where(problem => !MathVerifier.Understands(problem.Answer)).ToList();
            if (asWritten.Count > 0)
            {
                var shown = string.Join(", ", asWritten.Take(5).Select(problem => $"'{problem.Id}' ({problem.Answer})"));
                screen.Say($"  {asWritten.Count} answers are no mathematics that the verifier reads, and right only as they are written: {shown}");
            }

            sound &= !findings.All.Any();
            foreach (var (other, known) in sets)
            {
                var overlap = DatasetOverlap.Between(pairs, known);
                screen.Say($"  {overlap.Count} problems are in {other} too");
                foreach (var (id, sameAs) in overlap)
                    screen.Say($"    '{id}' is '{sameAs}'");
                sound &= overlap.Count == 0;
            }

            sets.Add((file, pairs));
        }

        return sound ? Exit.Done : Exit.Failed;
    }

    private static int Split(Screen screen, string source, string folder)
    {
        var reading = DatasetReader.Read(DatasetSizes.Lines(source), ownVerifier: true);
        if (reading.Faults.Count > 0)
            throw CommandException.Refused($"Expected a data set without faults, found {reading.Faults.Count} in {source}; 'data check' lists them.");
        Directory.CreateDirectory(folder);
        foreach (var split in (DatasetSplit[])[DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test])
        {
            var items = reading.Items.Where(item => ContentHash.SplitOf(item.Problem) == split).ToList();
            var target = Path.Combine(folder, $"{split.ToString().ToLowerInvariant()}.jsonl");
            File.WriteAllLines(target, items.Select(item => item.ToLine()));
            screen.Say($"{target}: {items.Count}");
        }

        return Exit.Done;
    }
}
