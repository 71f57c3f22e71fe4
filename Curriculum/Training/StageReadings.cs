using Curriculum.Admission;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What a step reads beside the stage's state; none of it changes once it is stored.</summary>
public sealed record StageReadings
{
    public Directive Directive { get; init; } = new();

    /// <summary>The results that the state awaits, in whatever order they came.</summary>
    public IReadOnlyDictionary<WorkItemId, WorkResult> Results { get; init; } = new Dictionary<WorkItemId, WorkResult>();

    /// <summary>The state's difficulty profile.</summary>
    public DifficultyProfile? Profile { get; init; }

    /// <summary>What the state's iterations gathered.</summary>
    public UpdateBatch? Gathered { get; init; }

    /// <summary>The stage's best validation so far, as its guards know it.</summary>
    public ValidatedCheckpoint? Best { get; init; }

    /// <summary>The validation of the policy that the stage begins with, where the arm made one.</summary>
    public ValidatedCheckpoint? Known { get; init; }

    /// <summary>What is wrong with stored states; null for one that is whole. Read where the phase is <see cref="StagePhase.Inspect"/>.</summary>
    public IReadOnlyDictionary<StateRef, string?> Faults { get; init; } = new Dictionary<StateRef, string?>();
}
