namespace Curriculum.Problems.Datasets;

/// <summary>A data set without the lines for which a run would refuse it whole.</summary>
public static class SoundItems
{
    /// <summary>The items as they were, and each line left out: <c>fault</c> or <c>duplicate</c>.</summary>
    /// <param name="lines">Of a data set.</param>
    /// <param name="ownVerifier">Whether an operator's verifier judges the answers: they are not tried with the math verifier then.</param>
    public static Conversion Of(IEnumerable<string> lines, bool ownVerifier = false)
    {
        var items = new List<DatasetItem>();
        var rejected = new List<RejectedItem>();
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var row in DatasetReader.Rows(lines, ownVerifier))
        {
            if (row.Item is not { } item)
                rejected.Add(new(row.Line, "fault", string.Join(" ", row.Faults)));
            else if (ContentHash.Of(item.Problem) is var hash && known.TryAdd(hash, item.Id))
                items.Add(item);
            else
                rejected.Add(new(row.Line, "duplicate", $"'{item.Id}' is the problem of '{known[hash]}'."));
        }

        return new(items, rejected);
    }
}
