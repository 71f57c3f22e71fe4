namespace Curriculum.Findings;

/// <summary>A published finding: the plans that look for it on a policy of one's own, and what would show it.</summary>
public sealed record Finding
{
    public required string Title { get; init; }

    /// <summary>What was published, and where.</summary>
    public required string Published { get; init; }

    /// <summary>How the plans' settings came to be.</summary>
    public required string Settings { get; init; }

    /// <summary>Names of the plans, without their ending.</summary>
    public required IReadOnlyList<string> Plans { get; init; }

    public required IReadOnlyList<Claim> Claims { get; init; }

    /// <summary>Why the small policy does or does not show it, where that is known; no figures, which are generated.</summary>
    public string? Reading { get; init; }
}
