using System.Text.Json;
using Curriculum.Admission;
using Curriculum.Texts;
using Curriculum.Work;

namespace Curriculum.Training;

/// <summary>What several iterations on one worker go on from, beside the stage's setting.</summary>
public sealed record ColocatedTask
{
    public required StageState State { get; init; }

    public DifficultyProfile? Profile { get; init; }

    public UpdateBatch? Gathered { get; init; }

    public ValidatedCheckpoint? Best { get; init; }

    public ValidatedCheckpoint? Known { get; init; }

    public StageReadings Readings => new() { Profile = Profile, Gathered = Gathered, Best = Best, Known = Known };

    public static ColocatedTask Of(StageState state, StageReadings read) => new()
    {
        State = state,
        Profile = read.Profile,
        Gathered = read.Gathered,
        Best = read.Best,
        Known = read.Known,
    };

    /// <summary>The item that does it: its setting and its task are stored under these hashes.</summary>
    public static ColocatedItem Item(StageState state, BlobRef setting, BlobRef task) => new()
    {
        Id = WorkItemId.Of(state.Key, WorkKind.Colocated, state.Iteration),
        Setting = setting,
        Task = task,
        Policy = state.Policy,
        Start = state.Start,
        DonePrefix = FormattableString.Invariant($"{StorageNames.Iterations(state.Key)}/done/{state.Iteration:D7}-"),
    };

    /// <summary>What an item did, as its worker stores it.</summary>
    public static (byte[] Bytes, BlobRef Blob) Store(ColocatedItem item, StageStep done)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(done, TrainingJson.Default.StageStep);
        var hash = Sha256Hex.Of(bytes);
        return (bytes, new(StorageNames.RunsContainer, $"{item.DonePrefix}{hash}.json", hash));
    }
}
