#!/usr/bin/env dotnet
#:project Curriculum/Curriculum.csproj
#:property PublishAot=false

// Makes and checks data sets: JSON Lines of {id, problem, steps, answer, released}. See docs/DATA.md.
// Usage: dotnet run data.cs -- gsm8k IN OUT [--prefix NAME]
//        dotnet run data.cs -- steps IN OUT [--prefix NAME] [--problem MEMBER] [--solution MEMBER] [--answer MEMBER]
//        dotnet run data.cs -- check [--verifier NAME] FILE...
//        dotnet run data.cs -- keep IN OUT [--verifier NAME]
//        dotnet run data.cs -- split FILE FOLDER
// Exit code: 0 done, 1 a file has faults, duplicates or overlaps, 2 wrong arguments or files.

using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;
using Curriculum.Texts;
using Curriculum.Verifiers;

// What is in a data set is shown, and never obeyed.
Console.SetOut(new VisibleWriter(Console.Out));
Console.SetError(new VisibleWriter(Console.Error));
try
{
    return args switch
    {
        ["gsm8k", var source, var target, .. var options] => Write(source, target, Gsm8kConversion.Convert(Lines(source), Option(options, "--prefix", "gsm8k"))),
        ["steps", var source, var target, .. var options] => Write(source, target, NumberedSteps.Convert(
            Lines(source),
            new(Option(options, "--problem", "question"), Option(options, "--solution", "solution"), Option(options, "--answer", "answer")),
            Option(options, "--prefix", Path.GetFileNameWithoutExtension(source)))),
        ["check", "--verifier", _, _, ..] => Check(args[3..], ownVerifier: true),
        ["check", _, ..] when args[1] != "--verifier" => Check(args[1..], ownVerifier: false),
        ["keep", var source, var target] => Write(source, target, SoundItems.Of(Lines(source))),
        ["keep", var source, var target, "--verifier", _] => Write(source, target, SoundItems.Of(Lines(source), ownVerifier: true)),
        ["split", var source, var folder] => Split(source, folder),
        _ => Usage(),
    };
}
catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException)
{
    Console.Error.WriteLine(error.Message);
    return 2;
}

static int Write(string source, string target, Conversion conversion)
{
    File.WriteAllLines(target, conversion.Items.Select(item => item.ToLine()));
    File.WriteAllLines($"{target}.rejected.tsv", conversion.Rejected.Select(item => $"{item.Line}\t{item.Reason}\t{item.Detail.ReplaceLineEndings(" ")}"));
    Console.WriteLine($"{source}: {conversion.Items.Count + conversion.Rejected.Count} lines, {conversion.Items.Count} converted to {target}, {conversion.Rejected.Count} rejected ({target}.rejected.tsv)");
    foreach (var group in conversion.Rejected.GroupBy(item => item.Reason).OrderByDescending(group => group.Count()).ThenBy(group => group.Key, StringComparer.Ordinal))
        Console.WriteLine($"  {group.Key,-24}{group.Count(),6}   e.g. line {group.First().Line}: {group.First().Detail.ReplaceLineEndings(" ")}");
    return 0;
}

static int Check(string[] files, bool ownVerifier)
{
    var sound = true;
    var sets = new List<(string File, IReadOnlyList<(string, string)> Problems)>();
    foreach (var file in files)
    {
        var lines = Lines(file);
        var findings = DatasetCheck.Of(lines, ownVerifier);
        var family = ProblemFamilies.Get(findings.Family);
        IReadOnlyList<Problem> problems = findings.Family == Gsm8k.FamilyName
            ? Gsm8kReader.Read(lines).Problems
            : [.. DatasetReader.Read(lines, ownVerifier).Items.Select(DatasetFamily.Pose)];
        (string Id, string Question)[] pairs = [.. problems.Select(problem => (problem.Id, problem.Question))];
        var splits = pairs.GroupBy(pair => ContentHash.SplitOf(pair.Question)).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}");
        Console.WriteLine($"{file}: {problems.Count} items, {findings.Faults.Count} faults, {findings.Duplicates.Count} duplicates; {string.Join(", ", splits)}");
        foreach (var fault in findings.All)
            Console.WriteLine($"  line {fault.Line}: {fault.Message}");
        if (family.LeftOut(lines) is { } leftOut)
            Console.WriteLine($"  {leftOut}");
        var (step, solution) = StepTargets.Longest(problems);
        Console.WriteLine($"  longest step {step} characters, longest solution {solution} (stages take {StepSimilarityReward.StandardLongest}, or reward.longestTarget)");
        var asWritten = ownVerifier || findings.Family == Gsm8k.FamilyName ? [] : problems.Where(problem => !MathVerifier.Understands(problem.Answer)).ToList();
        if (asWritten.Count > 0)
            Console.WriteLine($"  {asWritten.Count} answers are no mathematics that the verifier reads, and right only as they are written: {string.Join(", ", asWritten.Take(5).Select(problem => $"'{problem.Id}' ({problem.Answer})"))}");
        sound &= !findings.All.Any();
        foreach (var (other, known) in sets)
        {
            var overlap = DatasetOverlap.Between(pairs, known);
            Console.WriteLine($"  {overlap.Count} problems are in {other} too");
            foreach (var (id, sameAs) in overlap)
                Console.WriteLine($"    '{id}' is '{sameAs}'");
            sound &= overlap.Count == 0;
        }

        sets.Add((file, pairs));
    }

    return sound ? 0 : 1;
}

static int Split(string source, string folder)
{
    var reading = DatasetReader.Read(Lines(source), ownVerifier: true);
    if (reading.Faults.Count > 0)
        throw new ArgumentException($"Expected a data set without faults, found {reading.Faults.Count} in {source}; 'check' lists them.");
    Directory.CreateDirectory(folder);
    foreach (var split in (DatasetSplit[])[DatasetSplit.Train, DatasetSplit.Validation, DatasetSplit.Test])
    {
        var items = reading.Items.Where(item => ContentHash.SplitOf(item.Problem) == split).ToList();
        var target = Path.Combine(folder, $"{split.ToString().ToLowerInvariant()}.jsonl");
        File.WriteAllLines(target, items.Select(item => item.ToLine()));
        Console.WriteLine($"{target}: {items.Count}");
    }

    return 0;
}

static IReadOnlyList<string> Lines(string file)
{
    using var stream = File.OpenRead(file);
    try
    {
        return [.. Utf8Lines.Read(stream)];
    }
    catch (InvalidDataException fault)
    {
        throw new ArgumentException($"{file}: {fault.Message}", fault);
    }
}

static string Option(string[] options, string name, string standard)
{
    for (var i = 0; i < options.Length; i += 2)
    {
        if (options[i] is not ("--prefix" or "--problem" or "--solution" or "--answer") || i + 1 == options.Length)
            throw new ArgumentException($"Expected options --prefix, --problem, --solution or --answer with a value each, found '{options[i]}'.");
        if (options[i] == name)
            return options[i + 1];
    }

    return standard;
}

static int Usage()
{
    Console.Error.WriteLine("Expected gsm8k IN OUT, steps IN OUT, check [--verifier NAME] FILE..., keep IN OUT [--verifier NAME] or split FILE FOLDER; see docs/DATA.md.");
    return 2;
}
