using System.Text.Json;
using Curriculum.Texts;

namespace Curriculum.Problems.Datasets;

/// <summary>Tries a whole file before anything rests on it: a data set, or GSM8K's own lines, as its first line tells.</summary>
/// <remarks>What a run refuses is refused here, by the same readers: faults, references that their verifier refuses, problems that stand there twice.</remarks>
public static class DatasetCheck
{
    /// <param name="lines">Read once, and not kept.</param>
    /// <param name="ownVerifier">Whether an operator's verifier judges the answers: they are not tried with the math verifier then.</param>
    public static DatasetFindings Of(IEnumerable<string> lines, bool ownVerifier = false)
    {
        using var source = lines.GetEnumerator();
        var start = new List<string>();
        do
        {
            if (!source.MoveNext())
                return new(DatasetFamily.FamilyName, 0, 0, [new(1, "Expected at least one line, found none.")], []);
            start.Add(source.Current);
        }
        while (Utf8Lines.IsBlank(source.Current));

        var all = start.Concat(Rest(source));
        return FamilyOf(source.Current) == Gsm8k.FamilyName ? OfGsm8k(all) : OfDataset(all, ownVerifier);
    }

    private static DatasetFindings OfGsm8k(IEnumerable<string> lines)
    {
        var (rows, leftOut) = (0L, 0L);
        var faults = new List<DatasetFault>();
        foreach (var (_, rejected) in Gsm8kReader.Rows(lines))
        {
            rows++;
            if (rejected is { IsFault: true })
                faults.Add(new(rejected.Line + 1, rejected.Detail));
            else if (rejected is not null)
                leftOut++;
        }

        return new(Gsm8k.FamilyName, rows, leftOut, faults, []);
    }

    private static DatasetFindings OfDataset(IEnumerable<string> lines, bool ownVerifier)
    {
        var rows = 0L;
        var faults = new List<DatasetFault>();
        var duplicates = new List<DatasetFault>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in DatasetReader.Rows(lines, ownVerifier))
        {
            rows++;
            faults.AddRange(row.Faults.Select(fault => new DatasetFault(row.Line, fault)));
            if (row.Item is { } item && ContentHash.Of(item.Problem) is var hash && !known.TryAdd(hash, item.Id))
                duplicates.Add(new(row.Line, $"/problem: expected each problem once, '{item.Id}' is the problem of '{known[hash]}'."));
        }

        return new(DatasetFamily.FamilyName, rows, 0, faults, duplicates);
    }

    // Only GSM8K has questions; what is neither is told what a data set's members are.
    private static string FamilyOf(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("question", out _) && !document.RootElement.TryGetProperty("problem", out _)
                ? Gsm8k.FamilyName
                : DatasetFamily.FamilyName;
        }
        catch (JsonException)
        {
            return DatasetFamily.FamilyName;
        }
    }

    private static IEnumerable<string> Rest(IEnumerator<string> source)
    {
        while (source.MoveNext())
            yield return source.Current;
    }
}

/// <summary>What a file is, and what is wrong with it.</summary>
/// <param name="Family">The family that reads it: <c>dataset</c> or <c>gsm8k</c>.</param>
/// <param name="Rows">Lines that are not blank.</param>
/// <param name="LeftOut">Of GSM8K: lines that a run passes over, since their solutions are unsound.</param>
/// <param name="Faults">By line; with one a run refuses the file.</param>
/// <param name="Duplicates">Problems that an earlier line has; with one a run refuses the file.</param>
public sealed record DatasetFindings(string Family, long Rows, long LeftOut, IReadOnlyList<DatasetFault> Faults, IReadOnlyList<DatasetFault> Duplicates)
{
    public IEnumerable<DatasetFault> All => Faults.Concat(Duplicates).OrderBy(fault => fault.Line);
}
