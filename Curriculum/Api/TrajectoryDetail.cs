using Curriculum.Evaluation.Traces;
using Curriculum.Problems;

namespace Curriculum.Api;

/// <summary>A trajectory with all that is known of it: the problem, every completion, and how the other arms answered.</summary>
public sealed record TrajectoryDetail
{
    public required TrajectoryEntry Entry { get; init; }

    /// <summary>With the expert's steps; null where it is in no pool any more.</summary>
    public Problem? Problem { get; init; }

    /// <summary>Of a group, groups that its iteration sampled.</summary>
    public int? GroupsSampled { get; init; }

    /// <summary>The group side by side, or the greedy completion.</summary>
    public required IReadOnlyList<ReadCompletion> Completions { get; init; }

    /// <summary>The samples of an answer to a benchmark, side by side; null elsewhere, and where they are not kept.</summary>
    public IReadOnlyList<ReadCompletion>? Samples { get; init; }

    /// <summary>Every arm's and seed's answer to the same problem of the benchmark, this one's included; empty elsewhere.</summary>
    public required IReadOnlyList<TrajectoryEntry> Others { get; init; }
}

/// <summary>One completion, and how it is read.</summary>
public sealed record ReadCompletion
{
    /// <summary>As it was written.</summary>
    public required string Text { get; init; }

    /// <summary>What stands in it before the answer, for itself.</summary>
    public string? Monologue { get; init; }

    /// <summary>Its steps, each with what is wrong with it where that can be told.</summary>
    public required IReadOnlyList<ReadStep> Steps { get; init; }

    /// <summary>Whether the answer was found right when it was evaluated; null where it was not.</summary>
    public bool? Correct { get; init; }

    public double? Reward { get; init; }

    /// <summary>What comes to the reward for its length.</summary>
    public double? Penalty { get; init; }

    /// <summary>Over its group, as the update takes it; null where each token has its own, and for other methods.</summary>
    public double? Advantage { get; init; }

    /// <summary>What the verifier says now; null where a step was asked for, or only a worker has the verifier.</summary>
    public VerifierReading? Verifier { get; init; }

    public bool? WellFormed { get; init; }

    /// <summary>Whether it ended by itself.</summary>
    public bool? Terminated { get; init; }

    /// <summary>The tokens' ids; null where they were not kept.</summary>
    public IReadOnlyList<int>? Tokens { get; init; }

    /// <summary>The log-probability of each token when it was drawn.</summary>
    public IReadOnlyList<float>? LogProbs { get; init; }
}

/// <summary>One step of a completion.</summary>
/// <param name="Text">As written; empty for an operation that was passed over.</param>
/// <param name="Tag">What is wrong with it; null where the family's steps cannot be checked.</param>
public sealed record ReadStep(string Text, StepTag? Tag);

/// <summary>How the verifier reads a completion.</summary>
/// <param name="Correct">Whether the answer is right.</param>
/// <param name="StepsValid">Whether every step holds too.</param>
/// <param name="Answer">The answer as it is read; null where none is found.</param>
/// <param name="Reason">Why it is not right, in words; null where it is.</param>
public sealed record VerifierReading(bool Correct, bool StepsValid, string? Answer, string? Reason);
