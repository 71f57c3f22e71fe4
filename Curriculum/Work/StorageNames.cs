namespace Curriculum.Work;

/// <summary>Every queue, container and blob name that the parts share.</summary>
public static class StorageNames
{
    public const string WorkQueue = "work";
    public const string WorkPoisonQueue = "work-poison";
    public const string ResultsQueue = "results";
    public const string ResultsPoisonQueue = "results-poison";

    public const string ModelsContainer = "models";
    public const string RunsContainer = "runs";
    public const string WorkContainer = "work";
    public const string SchedulesContainer = "schedules";
    public const string DatasetsContainer = "datasets";

    /// <summary>Name of the data account's connection: a setting, or the prefix of its service addresses.</summary>
    public const string DataConnection = "DataStorage";

    public static IReadOnlyList<string> Queues { get; } = [WorkQueue, WorkPoisonQueue, ResultsQueue, ResultsPoisonQueue];

    public static IReadOnlyList<string> Containers { get; } =
        [ModelsContainer, RunsContainer, WorkContainer, SchedulesContainer, DatasetsContainer];

    /// <summary>Largest message before base64, in bytes.</summary>
    public const int MaxMessageBytes = 48 * 1024;

    public static string Item(string id) => $"{id}/item.json";

    public static string Claim(string id) => $"{id}/claim";

    public static string Result(string id) => $"{id}/result.json";

    public static string Manifest(string folder) => $"{folder}/manifest.json";

    public static string Plan(string run) => $"{run}/plan.json";

    public static string Control(string run) => $"{run}/control";

    public static string Verdict(string run) => $"{run}/verdict.json";

    public static string RunRecord(string run) => $"{run}/run.json";

    public static string Report(string run) => $"{run}/report.html";

    /// <summary>The state after so many updates of a stage; 0 is the stage's start.</summary>
    public static string State(string run, string arm, int seed, int stage, int attempt, int updates) =>
        FormattableString.Invariant($"{run}/states/{arm}/{seed}/{stage}/{attempt}/{updates}");

    /// <summary>A kept state.</summary>
    public static string Checkpoint(string run, string arm, int seed, int stage, int attempt, int updates) =>
        FormattableString.Invariant($"{run}/checkpoints/{arm}/{seed}/{stage}/{attempt}/{updates}");

    /// <summary>The successes of a stage's iterations up to and with one.</summary>
    public static string Successes(string run, string arm, int seed, int stage, int attempt, int iteration) =>
        FormattableString.Invariant($"{run}/iterations/{arm}/{seed}/{stage}/{attempt}/{iteration}/successes.json");

    public static string Batch(string run, string arm, int seed, int stage, int attempt, int iteration, string hash) =>
        FormattableString.Invariant($"{run}/iterations/{arm}/{seed}/{stage}/{attempt}/{iteration}/batch-{hash}.json");
}
