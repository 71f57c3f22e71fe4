namespace GpuWorker.Training;

/// <summary>Rows with a common prefix, packed as the prefix followed by one branch after another.</summary>
/// <remarks>
/// A branch sees the prefix and itself, and its positions go on where the prefix ends, so each row is computed as if it stood alone; the prefix is computed once.
/// The last token of a branch is only a target.
/// </remarks>
internal sealed class Pack
{
    private Pack(IReadOnlyList<(TrainingRow Row, double Share)> rows, int prefix)
    {
        (Rows, Prefix) = (rows, prefix);
        Tokens = prefix + rows.Sum(pair => pair.Row.Tokens.Length - prefix);
        Length = prefix + rows.Sum(pair => pair.Row.Tokens.Length - prefix - 1);
    }

    /// <summary>The rows, each with the factor on its token losses.</summary>
    public IReadOnlyList<(TrainingRow Row, double Share)> Rows { get; }

    /// <summary>Tokens that all rows begin with.</summary>
    public int Prefix { get; }

    /// <summary>Tokens trained on: the prefix once, and each branch whole.</summary>
    public int Tokens { get; }

    /// <summary>Input tokens.</summary>
    public int Length { get; }

    /// <summary>Packs in the order of their length; rows share one where they predict from the same tokens on and one pass over all is cheaper.</summary>
    public static Pack[] Of(IReadOnlyList<(TrainingRow Row, double Share)> rows, bool share)
    {
        List<Pack> packs = [];
        foreach (var alike in rows.GroupBy(pair => pair.Row, share ? SamePrefix.Instance : (IEqualityComparer<TrainingRow>)ReferenceEqualityComparer.Instance))
        {
            Pack together = new([.. alike], alike.Key.Start);
            Pack[] apart = [.. alike.Select(pair => new Pack([pair], pair.Row.Start))];
            packs.AddRange(Cost(together.Length) < apart.Sum(pack => Cost(pack.Length)) ? [together] : apart);
        }

        return [.. packs.OrderBy(pack => pack.Length)];
    }

    /// <summary>Packs in order, cut into batches of at most so many input tokens; a longer one goes alone.</summary>
    public static IEnumerable<Pack[]> MicroBatches(Pack[] packs, int tokens)
    {
        for (var at = 0; at < packs.Length;)
        {
            var end = at + 1;
            while (end < packs.Length && (end + 1L - at) * packs[end].Length <= tokens)
                end++;
            yield return packs[at..end];
            at = end;
        }
    }

    /// <summary>Input tokens of the longest pack of so many rows of one prompt.</summary>
    public static long LongestOf(int prompt, int completion, int rows)
    {
        var (together, apart) = (prompt + (long)rows * (completion - 1), prompt + completion - 1L);
        return Cost(together) < rows * Cost(apart) ? together : apart;
    }

    // Products grow with the tokens, attention with their square; at 256 tokens a small policy spends about as much on one as on the other.
    private static double Cost(long length) => length + (double)length * length / 256;

    private sealed class SamePrefix : IEqualityComparer<TrainingRow>
    {
        public static SamePrefix Instance { get; } = new();

        public bool Equals(TrainingRow? x, TrainingRow? y) =>
            x is not null && y is not null && x.Start == y.Start && x.Tokens.AsSpan(0, x.Start).SequenceEqual(y.Tokens.AsSpan(0, y.Start));

        public int GetHashCode(TrainingRow row)
        {
            HashCode hash = new();
            foreach (var token in row.Tokens.AsSpan(0, row.Start))
                hash.Add(token);
            return hash.ToHashCode();
        }
    }
}
