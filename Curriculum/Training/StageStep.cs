using System.Text.Json.Serialization;
using Curriculum.Admission;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What follows from a state and its readings: the next state, and what is to be stored and sent before it counts.</summary>
public sealed record StageStep(StageState State)
{
    /// <summary>Work that the next state awaits the results of; what has a result already is not done again.</summary>
    [JsonIgnore]
    public IReadOnlyList<WorkItem> Work { get; init; } = [];

    /// <summary>Whether the stage rests between two iterations: the run is paused, or an item of several iterations has done its share.</summary>
    [JsonIgnore]
    public bool Rests { get; init; }

    /// <summary>What was gathered.</summary>
    public IReadOnlyList<StoredBatch> Gathered { get; init; } = [];

    /// <summary>New difficulty profiles.</summary>
    public IReadOnlyList<StoredProfile> Profiles { get; init; } = [];

    /// <summary>States that become checkpoints.</summary>
    public IReadOnlyList<KeptCopy> Kept { get; init; } = [];

    /// <summary>The figures of iterations that ended, or that a later alarm was added to.</summary>
    public IReadOnlyList<IterationRecord> Iterations { get; init; } = [];

    /// <summary>Some of the groups that iterations sampled.</summary>
    public IReadOnlyList<RolloutSample> Samples { get; init; } = [];

    /// <summary>What checkpoints reached.</summary>
    public IReadOnlyList<ValidatedCheckpoint> Validations { get; init; } = [];

    /// <summary>Evaluations that were done on the way, by a worker that takes steps itself: stored as if they had been sent.</summary>
    public IReadOnlyList<EvaluatedItem> Evaluated { get; init; } = [];

    /// <summary>States that a later run may go on from.</summary>
    public IReadOnlyList<StageState> Points { get; init; } = [];

    /// <summary>Folders of states that nothing reads any more.</summary>
    public IReadOnlyList<string> Released { get; init; } = [];

    /// <summary>What went wrong and was mended, or not.</summary>
    public IReadOnlyList<string> Incidents { get; init; } = [];

    /// <summary>Together with what was to be done before it.</summary>
    public StageStep After(StageStep before) => this with
    {
        Gathered = [.. before.Gathered, .. Gathered],
        Profiles = [.. before.Profiles, .. Profiles],
        Kept = [.. before.Kept, .. Kept],
        Iterations = [.. before.Iterations.Where(earlier => Iterations.All(later => later.Iteration != earlier.Iteration)), .. Iterations],
        Samples = [.. before.Samples, .. Samples],
        Validations = [.. before.Validations, .. Validations],
        Evaluated = [.. before.Evaluated, .. Evaluated],
        Points = [.. before.Points, .. Points],
        Released = [.. before.Released, .. Released],
        Incidents = [.. before.Incidents, .. Incidents],
    };
}

/// <summary>A batch, or what was gathered, by its blob's name.</summary>
public sealed record StoredBatch(string Name, UpdateBatch Batch);

/// <summary>A difficulty profile by its blob's name.</summary>
public sealed record StoredProfile(string Name, DifficultyProfile Profile);

/// <summary>An evaluation and its result.</summary>
public sealed record EvaluatedItem(EvaluateItem Item, WorkResult Result);

/// <summary>A state that is copied to the folder of a checkpoint.</summary>
public sealed record KeptCopy(StateRef State, string Folder);
