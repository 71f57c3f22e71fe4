using Curriculum.Admission;
using Curriculum.Guards;

namespace Curriculum.Training;

/// <summary>The iteration under way: what was sampled so far, and what came of it once it was admitted.</summary>
public sealed record OpenIteration
{
    /// <summary>The newest round, 0 for the first.</summary>
    public int Round { get; init; }

    /// <summary>Rollouts and second checks of all rounds.</summary>
    public int RolloutItems { get; init; }

    /// <summary>Set once enough was admitted; null while sampling goes on, and where nothing is sampled.</summary>
    public AdmittedGroups? Admitted { get; init; }

    /// <summary>Batches of the update that is waited for.</summary>
    public int Batches { get; init; }
}

/// <summary>What the rounds of an iteration came to.</summary>
public sealed record AdmittedGroups
{
    public required long ForwardTokens { get; init; }

    /// <summary>Worker seconds.</summary>
    public required double Seconds { get; init; }

    public required AdmissionYield Yield { get; init; }

    /// <summary>What the completions of all rounds look like.</summary>
    public TextFigures? Text { get; init; }

    /// <summary>Mean length of the completions of all rounds, in tokens.</summary>
    public required double MeanTokens { get; init; }
}
