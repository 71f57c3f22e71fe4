namespace Curriculum.Problems.Datasets;

/// <summary>Problems that are the same but for case, white space and punctuation.</summary>
public static class DatasetOverlap
{
    /// <summary>The duplicates in one set, in its order: each with the one that came first.</summary>
    public static IReadOnlyList<(string Id, string SameAs)> Duplicates(IEnumerable<(string Id, string Problem)> set)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        var duplicates = new List<(string, string)>();
        foreach (var (id, problem) in set)
        {
            var hash = ContentHash.Of(problem);
            if (!known.TryAdd(hash, id))
                duplicates.Add((id, known[hash]));
        }

        return duplicates;
    }

    /// <summary>The problems of one set that another one has too, in the order of the first.</summary>
    public static IReadOnlyList<(string Id, string SameAs)> Between(IEnumerable<(string Id, string Problem)> set, IEnumerable<(string Id, string Problem)> other)
    {
        var known = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, problem) in other)
            known.TryAdd(ContentHash.Of(problem), id);
        return [.. set.Select(item => (item.Id, Hash: ContentHash.Of(item.Problem))).Where(item => known.ContainsKey(item.Hash)).Select(item => (item.Id, known[item.Hash]))];
    }
}
