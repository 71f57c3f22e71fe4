namespace Orchestrations.Webhooks;

/// <summary>The body of a call. Delivered at least once: the id, also in the header <c>webhook-id</c>, tells a repeated call.</summary>
public sealed record WebhookMessage
{
    public required string Id { get; init; }

    /// <summary><c>run.concluded</c> or <c>schedule.regressed</c>.</summary>
    public required string Type { get; init; }

    public required string Run { get; init; }

    /// <summary><c>completed</c>, <c>canceled</c> or <c>failed</c>.</summary>
    public required string State { get; init; }

    public string? Headline { get; init; }

    /// <summary>What failed, or in which ways the verdict is worse.</summary>
    public IReadOnlyList<string> Reasons { get; init; } = [];

    public string? Schedule { get; init; }

    public DateTimeOffset? Scheduled { get; init; }

    /// <summary>The run that a regression was found against.</summary>
    public string? ComparedWith { get; init; }
}
