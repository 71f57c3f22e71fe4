namespace Infra.Tests;

/// <summary>The host.json of each durable backend.</summary>
internal static class HostFile
{
    /// <summary>App setting that names the hub; host.json refers to it.</summary>
    public const string HubSetting = "TASKHUB_NAME";

    /// <summary>App setting that holds the way to the scheduler; host.json refers to it.</summary>
    public const string SchedulerConnection = "DURABLE_TASK_SCHEDULER_CONNECTION_STRING";

    public static JsonObject Read(string name) => JsonNode.Parse(File.ReadAllText(Path.Combine(LocalSystem.Repository(), name)))!.AsObject();
}
