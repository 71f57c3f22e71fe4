using Cli.Terminal;
using Curriculum.Plans;
using Curriculum.Problems;
using Curriculum.Problems.Datasets;
using Curriculum.Rewards;
using Curriculum.Texts;

namespace Cli.Plans;

/// <summary>Looks into a data set to see what a plan can ask of it.</summary>
internal static class DatasetSizes
{
    /// <summary>How many problems it takes for every split to have some.</summary>
    public const string Needed = "One problem in ten falls to validation and one in ten to test, each by its content: of 60 nearly always some, of 1000 about a hundred.";

    /// <returns>The family that reads the file, and its splits.</returns>
    /// <exception cref="CommandException">There is no such file, it has faults, or too few problems for three splits.</exception>
    public static (string Family, DatasetSize Size) Of(string path)
    {
        var lines = Lines(path);
        var findings = DatasetCheck.Of(lines);
        var faults = findings.All.ToList();
        if (faults.Count > 0)
        {
            throw CommandException.Refused(FormattableString.Invariant(
                $"Expected a data set without faults, found {faults.Count} in {path}, the first in line {faults[0].Line}: {faults[0].Message} 'data check' lists them, 'data keep' leaves them out."));
        }

        IReadOnlyList<Problem> problems = findings.Family == Gsm8k.FamilyName
            ? Gsm8kReader.Read(lines).Problems
            : [.. DatasetReader.Read(lines).Items.Select(DatasetFamily.Pose)];
        var splits = problems.ToLookup(problem => ContentHash.SplitOf(problem.Question));
        DatasetSize size = new(
            splits[DatasetSplit.Train].Count(), splits[DatasetSplit.Validation].Count(), splits[DatasetSplit.Test].Count(),
            splits[DatasetSplit.Train].Count(problem => problem.Steps.Count > 0), StepTargets.Longest(problems).Solution);
        return size is { Train: > 0, Validation: > 0, Test: > 0 }
            ? (findings.Family, size)
            : throw CommandException.Refused(FormattableString.Invariant(
                $"Expected problems in all three splits of {path}, found {size.Train} to train on, {size.Validation} to validate and {size.Test} to test: ")
                + $"add problems. {Needed}");
    }

    /// <summary>The lines of a file.</summary>
    /// <exception cref="CommandException">It cannot be read as UTF-8 text.</exception>
    public static IReadOnlyList<string> Lines(string path)
    {
        try
        {
            using var stream = File.OpenRead(path);
            return [.. Utf8Lines.Read(stream)];
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw CommandException.Refused($"Expected a data set; there is no file {path}.");
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw CommandException.Refused($"{path}: {fault.Message}");
        }
    }
}
