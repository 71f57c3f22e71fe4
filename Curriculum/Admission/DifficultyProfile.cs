namespace Curriculum.Admission;

/// <summary>The pool of a stage by difficulty, from one iteration on; stored once, never changed.</summary>
/// <remarks>Every problem of the pool is in it, in the pool's order: a profile orders and defers, it removes nothing.</remarks>
public sealed record DifficultyProfile
{
    /// <summary>0 for the profile before the first iteration, then one more for each pilot again.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The first iteration that draws by it.</summary>
    public required int Iteration { get; init; }

    public required IReadOnlyList<ProblemDifficulty> Problems { get; init; }

    /// <summary>What is drawn from: indices into the pool, the aim first, then the rest of the band; where both are empty, the whole pool.</summary>
    public IReadOnlyList<IReadOnlyList<int>> Tiers()
    {
        IReadOnlyList<int>[] tiers = [.. new[] { Of(DifficultyClass.Aim), Of(DifficultyClass.Band) }.Where(tier => tier.Count > 0)];
        return tiers.Length > 0 ? tiers : [[.. Enumerable.Range(0, Problems.Count)]];
    }

    /// <summary>Indices of the problems of a class.</summary>
    public IReadOnlyList<int> Of(DifficultyClass wanted) => [.. Enumerable.Range(0, Problems.Count).Where(index => Problems[index].Class == wanted)];

    /// <summary>How many of each, for people.</summary>
    public DifficultySummary Summarise(int pilots, long tokens)
    {
        int Count(DifficultyClass wanted) => Problems.Count(problem => problem.Class == wanted);
        return new()
        {
            Pilots = pilots,
            PilotTokens = tokens,
            Aim = Count(DifficultyClass.Aim),
            Band = Count(DifficultyClass.Band),
            TooEasy = Count(DifficultyClass.TooEasy),
            TooHard = Count(DifficultyClass.TooHard),
            Unknown = Count(DifficultyClass.Unknown),
            AuditFailed = Count(DifficultyClass.AuditFailed),
            NotPiloted = Count(DifficultyClass.NotPiloted),
            Findings = [.. Problems.Where(problem => problem.Finding is not null).Take(DifficultySummary.MostFindings).Select(problem => $"{problem.Problem}: {problem.Finding}")],
        };
    }
}

/// <summary>A profile in numbers: the report shows it, and with it what was deferred.</summary>
public sealed record DifficultySummary
{
    /// <summary>Findings that are listed; the stored profile has them all.</summary>
    public const int MostFindings = 20;

    /// <summary>Pilots so far, the first included.</summary>
    public required int Pilots { get; init; }

    /// <summary>Forward tokens of all pilots; they count toward the budget.</summary>
    public required long PilotTokens { get; init; }

    public required int Aim { get; init; }

    public required int Band { get; init; }

    public required int TooEasy { get; init; }

    public required int TooHard { get; init; }

    public required int Unknown { get; init; }

    public required int AuditFailed { get; init; }

    public required int NotPiloted { get; init; }

    /// <summary>What audits found, problem by problem.</summary>
    public required IReadOnlyList<string> Findings { get; init; }

    public int Deferred => TooEasy + TooHard + Unknown + AuditFailed + NotPiloted;

    /// <summary>Whether the band is empty, so that the whole pool is drawn from.</summary>
    public bool FellBack => Aim + Band == 0;
}
