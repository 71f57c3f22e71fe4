namespace Curriculum.Work;

/// <summary>Who works on an item and when it last moved, <c>{id}/claim</c>; mutable, last writer wins.</summary>
/// <remarks>Progress is written by the compute loop, never by a timer.</remarks>
public sealed record WorkClaim
{
    public required string Worker { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset LastProgress { get; init; }

    /// <summary>Share done, 0 to 1.</summary>
    public double Progress { get; init; }

    /// <summary>Set when the worker gave the item back (SIGTERM).</summary>
    public bool Released { get; init; }

    /// <summary>What the last try ended with, when it ended with an unexpected error; carried on until the item is done.</summary>
    public string? LastError { get; init; }
}
