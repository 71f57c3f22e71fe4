using Orchestrations.Reports;

namespace Orchestrations.Workflows.Activities;

/// <summary>What a run took, <c>{run}/run.json</c>: everything that is not reproducible and so not in the verdict.</summary>
internal sealed record RunRecord
{
    public required string Run { get; init; }

    public required string PlanHash { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public required DateTimeOffset ConcludedAt { get; init; }

    public required IReadOnlyList<ArmTiming> Arms { get; init; }

    /// <summary>Names of the workers that evaluated, in order.</summary>
    public required IReadOnlyList<string> Workers { get; init; }

    /// <summary>Who read which benchmark when, in order.</summary>
    public required IReadOnlyList<TestAccess> TestAccess { get; init; }
}
