namespace Orchestrations.Workflows.Activities;

/// <summary>One time that a benchmark's problems were read; the log of these is in <c>run.json</c>.</summary>
/// <remarks>Training and the choice of checkpoints never read one: each entry after the freezing is later than the last update of the arm that it names.</remarks>
internal sealed record TestAccess
{
    public required string Benchmark { get; init; }

    /// <summary><c>freeze</c>, <c>audit</c>, <c>evaluate</c> or <c>probe</c>.</summary>
    public required string Purpose { get; init; }

    /// <summary>The worker, or <c>orchestrations</c>.</summary>
    public required string Reader { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>Whose policy was tested; null for the freezing.</summary>
    public string? Arm { get; init; }

    public int? Seed { get; init; }

    public string? Item { get; init; }
}
