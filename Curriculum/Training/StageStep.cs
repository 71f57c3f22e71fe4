using Curriculum.Admission;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What follows from a state and its readings: the next state, and what is to be stored and sent before it counts.</summary>
public sealed record StageStep(StageState State)
{
    /// <summary>Work that the next state awaits the results of; what has a result already is not done again.</summary>
    public IReadOnlyList<WorkItem> Work { get; init; } = [];

    /// <summary>Whether the run is paused: nothing follows until it goes on.</summary>
    public bool IsPaused { get; init; }

    /// <summary>A batch, or what was gathered, by its blob's name.</summary>
    public IReadOnlyList<(string Name, UpdateBatch Batch)> Batches { get; init; } = [];

    /// <summary>The new difficulty profile, by its blob's name.</summary>
    public (string Name, DifficultyProfile Profile)? Profile { get; init; }

    /// <summary>A state that becomes a checkpoint: it is copied to this folder.</summary>
    public (StateRef State, string Folder)? Keep { get; init; }

    /// <summary>The figures of an iteration that ended, or that a later alarm was added to.</summary>
    public IterationRecord? Iteration { get; init; }

    /// <summary>Some of the groups that the iteration sampled.</summary>
    public RolloutSample? Sample { get; init; }

    /// <summary>What a checkpoint reached.</summary>
    public ValidatedCheckpoint? Validation { get; init; }

    /// <summary>A state that a later run may go on from.</summary>
    public StageState? Point { get; init; }

    /// <summary>Folders of states that nothing reads any more.</summary>
    public IReadOnlyList<string> Released { get; init; } = [];

    /// <summary>What went wrong and was mended, or not.</summary>
    public IReadOnlyList<string> Incidents { get; init; } = [];

    /// <summary>Together with what was to be done before it.</summary>
    internal StageStep After(StageStep before) => this with
    {
        Batches = [.. before.Batches, .. Batches],
        Profile = Profile ?? before.Profile,
        Keep = Keep ?? before.Keep,
        Iteration = Iteration ?? before.Iteration,
        Sample = Sample ?? before.Sample,
        Validation = Validation ?? before.Validation,
        Point = Point ?? before.Point,
        Released = [.. before.Released, .. Released],
        Incidents = [.. before.Incidents, .. Incidents],
    };
}
