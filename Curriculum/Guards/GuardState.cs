namespace Curriculum.Guards;

/// <summary>What the guards remember between iterations of one attempt; of bounded size.</summary>
public sealed record GuardState
{
    /// <summary>Means over the stage's first iterations; null until there were enough. A rolled-back attempt hands it on.</summary>
    public TextFigures? Reference { get; init; }

    /// <summary>The newest iterations, the oldest first; at most the plan's window.</summary>
    public IReadOnlyList<TextFigures> Recent { get; init; } = [];

    /// <summary>Figures of the greedy texts at the stage's first validation; null before it.</summary>
    public TextFigures? FirstValidation { get; init; }

    /// <summary>Blob of the stage's best validation so far, which says what was solved.</summary>
    public string? BestValidation { get; init; }

    /// <summary>Greedy accuracy of that validation.</summary>
    public double BestAccuracy { get; init; }

    /// <summary>This attempt's alarms, at most one of each guard.</summary>
    public IReadOnlyList<GuardAlarm> Alarms { get; init; } = [];

    /// <summary>What the next attempt begins with after a roll-back: the same references, no alarm.</summary>
    public GuardState RolledBack() => this with { Recent = [], Alarms = [] };
}
