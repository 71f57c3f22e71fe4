using Curriculum.Plans;
using Curriculum.Work;

namespace Curriculum.Stages;

/// <summary>How a stage ended and what it took.</summary>
public sealed record StageResult
{
    public required Method Method { get; init; }

    public required StageOutcome Outcome { get; init; }

    /// <summary>Why it ended so, in words.</summary>
    public required string Reason { get; init; }

    /// <summary>Optimiser updates.</summary>
    public required int Updates { get; init; }

    public required int Iterations { get; init; }

    /// <summary>Compute units spent, dropped groups and refills included: see <see cref="ComputeUnits"/>.</summary>
    public required long Compute { get; init; }

    public required long ForwardTokens { get; init; }

    public required long TrainedTokens { get; init; }

    public int GroupsSampled { get; init; }

    public int GroupsAdmitted { get; init; }

    /// <summary>Greedy accuracy on the validation set at the stage's end, 0 to 1; null where it was not measured.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>pass@k on the validation set at the stage's end, with the k of the stage's gate; null where it was not measured.</summary>
    public double? PassAtK { get; init; }

    /// <summary>Share of well-formed completions over the newest iterations; null where nothing was sampled.</summary>
    public double? FormatRate { get; init; }

    /// <summary>The state that the arm goes on from, or is evaluated at; null only where not even the starting state is known.</summary>
    public StateRef? LastState { get; init; }
}
