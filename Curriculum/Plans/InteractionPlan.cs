namespace Curriculum.Plans;

/// <summary>The four arms of (both - imitation) - (outcome - base): do the stages gain more together than separately?</summary>
/// <remarks>The outcome arm must spend on RLVR exactly what the arm with both does, and the imitation arm on its stage likewise: see <see cref="ArmPlan.Share"/>.</remarks>
public sealed record InteractionPlan
{
    /// <summary>The arm without stages.</summary>
    public required string Base { get; init; }

    /// <summary>The arm with only the first stage.</summary>
    public required string Imitation { get; init; }

    /// <summary>The arm with only the second stage.</summary>
    public required string Outcome { get; init; }

    /// <summary>The arm with both stages.</summary>
    public required string Both { get; init; }
}
