#!/usr/bin/env dotnet
#:project Curriculum/Curriculum.csproj
#:property PublishAot=false

// Makes and checks data sets: JSON Lines of {id, problem, steps, answer, released}. See docs/DATA.md.
// Usage: dotnet run data.cs -- gsm8k IN OUT [--prefix NAME]
//        dotnet run data.cs -- steps IN OUT [--prefix NAME] [--problem MEMBER] [--solution MEMBER] [--answer MEMBER]
//        dotnet run data.cs -- check FILE...
//        dotnet run data.cs -- split FILE FOLDER
// Exit code: 0 done, 1 a file has faults, duplicates or overlaps, 2 wrong arguments or files.

using Curriculum.Plans;
using Curriculum.Problems.Datasets;

try
{
    return args switch
    {
        ["gsm8k", var source, var target, .. var options] => Write(source, target, Gsm8kConversion.Convert(File.ReadAllLines(source), Option(options, "--prefix", "gsm8k"))),
        ["steps", var source, var target, .. var options] => Write(source, target, NumberedSteps.Convert(
            File.ReadAllLines(source),
            new(Option(options, "--problem", "question"), Option(options, "--solution", "solution"), Option(options, "--answer", "answer")),
            Option(options, "--prefix", Path.GetFileNameWithoutExtension(source)))),
        ["check", _, ..] => Check(args[1..]),
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

static int Check(string[] files)
{
    var sound = true;
    var sets = new List<(string File, IReadOnlyList<DatasetItem> Items)>();
    foreach (var file in files)
    {
        var reading = DatasetReader.Read(File.ReadAllLines(file));
        var duplicates = DatasetOverlap.Duplicates(Pairs(reading.Items));
        var splits = reading.Items.GroupBy(item => ContentHash.SplitOf(item.Problem)).OrderBy(group => group.Key).Select(group => $"{group.Key} {group.Count()}");
        Console.WriteLine($"{file}: {reading.Items.Count} items, {reading.Faults.Count} faults, {duplicates.Count} duplicates; {string.Join(", ", splits)}");
        foreach (var fault in reading.Faults)
            Console.WriteLine($"  line {fault.Line}: {fault.Message}");
        foreach (var (id, sameAs) in duplicates)
            Console.WriteLine($"  '{id}' is the problem of '{sameAs}'");
        sound &= reading.Faults.Count == 0 && duplicates.Count == 0;
        foreach (var (other, items) in sets)
        {
            var overlap = DatasetOverlap.Between(Pairs(reading.Items), Pairs(items));
            Console.WriteLine($"  {overlap.Count} problems are in {other} too");
            foreach (var (id, sameAs) in overlap)
                Console.WriteLine($"    '{id}' is '{sameAs}'");
            sound &= overlap.Count == 0;
        }

        sets.Add((file, reading.Items));
    }

    return sound ? 0 : 1;
}

static int Split(string source, string folder)
{
    var reading = DatasetReader.Read(File.ReadAllLines(source));
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

static IEnumerable<(string, string)> Pairs(IEnumerable<DatasetItem> items) => items.Select(item => (item.Id, item.Problem));

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
    Console.Error.WriteLine("Expected gsm8k IN OUT, steps IN OUT, check FILE... or split FILE FOLDER; see docs/DATA.md.");
    return 2;
}
