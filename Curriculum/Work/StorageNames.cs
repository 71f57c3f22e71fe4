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

    /// <summary>The name of what is copied into another run: everything that a run stores lies under its id.</summary>
    public static string In(string name, RunId run) => run + name[name.IndexOf('/', StringComparison.Ordinal)..];

    public static string Item(WorkItemId id) => $"{id}/item.json";

    public static string Claim(WorkItemId id) => $"{id}/claim";

    public static string Result(WorkItemId id) => $"{id}/result.json";

    /// <summary>What workers logged about an item; there is something where something was unusual.</summary>
    public static string Logs(WorkItemId id) => $"{id}/log/";

    /// <summary>What a worker logged during a delivery; the newest such one.</summary>
    public static string Log(WorkItemId id, long delivery, string worker) => FormattableString.Invariant($"{Logs(id)}{delivery:D4}-{Uri.EscapeDataString(worker)}.json");

    /// <summary>The blob of the state that lies in a folder.</summary>
    public static string StateBlob(string folder) => $"{folder}/state";

    /// <summary>Whether it is the blob by which a state exists.</summary>
    public static bool IsStateBlob(string name) => name.EndsWith("/state", StringComparison.Ordinal);

    public static string Plan(string run) => $"{run}/plan.json";

    public static string Control(string run) => $"{run}/control";

    public static string Verdict(string run) => $"{run}/verdict.json";

    public static string RunRecord(string run) => $"{run}/run.json";

    public static string Report(string run) => $"{run}/report.html";

    /// <summary>The state after so many updates of a stage; 0 is the stage's start.</summary>
    public static string State(StageKey stage, int updates) =>
        FormattableString.Invariant($"{States(stage)}/{updates}");

    /// <summary>All states of a stage's attempt.</summary>
    public static string States(StageKey stage) => $"{stage.Run}/states/{stage.Path}";

    /// <summary>All checkpoints of a stage's attempt.</summary>
    public static string Checkpoints(StageKey stage) => $"{stage.Run}/checkpoints/{stage.Path}";

    /// <summary>What the iterations of a stage's attempt stored.</summary>
    public static string Iterations(StageKey stage) => $"{stage.Run}/iterations/{stage.Path}";

    /// <summary>All difficulty profiles of a stage's attempt.</summary>
    public static string Profiles(StageKey stage) => $"{stage.Run}/profiles/{stage.Path}";

    /// <summary>How the name ends of what iterations gathered.</summary>
    public const string GatheredBlob = "/gathered.json";

    /// <summary>A difficulty profile of a stage's attempt.</summary>
    public static string Profile(StageKey stage, int ordinal) => FormattableString.Invariant($"{Profiles(stage)}/{ordinal:D4}.json");

    /// <summary>A kept state.</summary>
    public static string Checkpoint(StageKey stage, int updates) =>
        FormattableString.Invariant($"{Checkpoints(stage)}/{updates}");

    /// <summary>What a stage's iterations gathered, up to and with one.</summary>
    public static string Gathered(StageKey stage, int iteration) =>
        FormattableString.Invariant($"{Iterations(stage)}/{iteration}{GatheredBlob}");
}
