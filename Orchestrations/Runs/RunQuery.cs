using Orchestrations.Storage;

namespace Orchestrations.Runs;

/// <summary>Which runs are asked for, and in which order.</summary>
public sealed record RunQuery
{
    public const int MaxLimit = 100;

    public int Limit { get; init; } = 20;

    /// <summary>Those after an entry, as a page before this one gave it.</summary>
    public string? Before { get; init; }

    /// <summary>How their ids begin.</summary>
    public string Prefix { get; init; } = "";

    /// <summary>What their ids contain.</summary>
    public string Search { get; init; } = "";

    /// <summary>Only those that have not ended.</summary>
    public bool Unfinished { get; init; }

    /// <summary>Only those in a state.</summary>
    public RunState? State { get; init; }

    public RunOrder Order { get; init; }

    /// <summary>Whether arms, incidents and usage are wanted too.</summary>
    public bool WithArms { get; init; }

    /// <summary>The entries that may be asked for, in the order that is asked for.</summary>
    /// <param name="newestFirst">All of them.</param>
    internal IReadOnlyList<RunEntry> Of(IEnumerable<RunEntry> newestFirst)
    {
        var asked = newestFirst.Where(entry => entry.Run.StartsWith(Prefix, StringComparison.Ordinal) && entry.Run.Contains(Search, StringComparison.OrdinalIgnoreCase));
        return Order switch
        {
            RunOrder.Oldest => [.. asked.Reverse().Where(entry => Before is null || string.CompareOrdinal(entry.Key, Before) > 0)],
            RunOrder.Id => [.. asked.OrderBy(entry => entry.Run, StringComparer.Ordinal).Where(entry => Before is null || string.CompareOrdinal(entry.Run, RunIndex.RunOf(Before)) > 0)],
            _ => [.. asked.Where(entry => Before is null || string.CompareOrdinal(entry.Key, Before) < 0)],
        };
    }
}

/// <summary>An order of runs.</summary>
public enum RunOrder
{
    Newest,
    Oldest,
    Id,
}
