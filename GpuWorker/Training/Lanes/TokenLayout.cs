namespace GpuWorker.Training.Lanes;

/// <summary>Where the tokens of a micro-batch lie: its packs one after another, each as its prefix and then its branches, without padding.</summary>
internal sealed class TokenLayout
{
    public TokenLayout(IReadOnlyList<Pack> packs)
    {
        Count = packs.Sum(pack => pack.Length);
        (Tokens, Positions) = (new int[Count], new int[Count]);
        List<PackPlace> places = [];
        var at = 0;
        foreach (var pack in packs)
        {
            var start = at;
            Place(pack.Rows[0].Row.Tokens, 0, pack.Prefix);
            List<Span> branches = [];
            foreach (var (row, _) in pack.Rows)
            {
                // The last token is only a target.
                var (from, length) = (at - start, row.Tokens.Length - 1 - pack.Prefix);
                Place(row.Tokens, pack.Prefix, length);
                if (length > 0)
                    branches.Add(new(from, length));
            }

            places.Add(new(start, pack.Prefix, branches));
        }

        Packs = places;
        Longest = Positions.Max() + 1;

        void Place(int[] tokens, int first, int count)
        {
            for (var i = 0; i < count; i++, at++)
                (Tokens[at], Positions[at]) = (tokens[first + i], first + i);
        }
    }

    /// <summary>How many tokens there are.</summary>
    public int Count { get; }

    public int[] Tokens { get; }

    public int[] Positions { get; }

    /// <summary>One more than the greatest position.</summary>
    public int Longest { get; }

    public IReadOnlyList<PackPlace> Packs { get; }

    /// <summary>Tokens from the beginning of a pack on.</summary>
    internal readonly record struct Span(int From, int Length)
    {
        /// <summary>The length up to whole registers.</summary>
        public int Padded => (Length + Product.Lanes - 1) / Product.Lanes * Product.Lanes;
    }
}

/// <summary>Where a pack lies.</summary>
/// <param name="Start">Its first token.</param>
/// <param name="Prefix">Tokens that all its branches see.</param>
/// <param name="Branches">Those that have tokens of their own, in order; a branch sees itself and the prefix.</param>
internal sealed record PackPlace(int Start, int Prefix, IReadOnlyList<TokenLayout.Span> Branches)
{
    /// <summary>The prefix up to whole registers.</summary>
    public int PaddedPrefix => new TokenLayout.Span(0, Prefix).Padded;

    /// <summary>Tokens of all branches.</summary>
    public int Own { get; } = Branches.Sum(branch => branch.Length);

    /// <summary>Columns of a branch's scores: the prefix, then as many as the longest branch has.</summary>
    public int Columns { get; } = new TokenLayout.Span(0, Prefix).Padded + (Branches.Count == 0 ? 0 : Branches.Max(branch => branch.Padded));

    /// <summary>Numbers that the scores of one head take.</summary>
    public long Scores => (long)Prefix * PaddedPrefix + (long)Own * Columns;

    /// <summary>Columns of the turned keys: the prefix and each branch, each from a whole register on.</summary>
    public int Keys { get; } = new TokenLayout.Span(0, Prefix).Padded + Branches.Sum(branch => branch.Padded);
}
