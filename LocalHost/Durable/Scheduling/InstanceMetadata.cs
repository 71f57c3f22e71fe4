using System.Globalization;
using LocalHost.Durable.History;
using Microsoft.DurableTask.Client;

namespace LocalHost.Durable.Scheduling;

/// <summary>What the blob of an ended instance says of it, so that a list of blobs is a list of instances.</summary>
internal static class InstanceMetadata
{
    public static Dictionary<string, string> Of(InstanceState state) => new()
    {
        ["name"] = Uri.EscapeDataString(state.Name),
        ["status"] = state.Status.ToString(),
        ["execution"] = state.Execution,
        ["version"] = Uri.EscapeDataString(state.Version),
        ["created"] = Ticks(state.CreatedAt),
        ["updated"] = Ticks(state.LastUpdatedAt),
        ["parent"] = state.Parent is { } parent
            ? string.Join('/', Uri.EscapeDataString(parent.InstanceId), Uri.EscapeDataString(parent.Name), parent.Execution, parent.TaskId)
            : "none",
    };

    /// <summary>The state, or null where the instance has not ended.</summary>
    public static InstanceState? Read(string instanceId, IDictionary<string, string>? metadata)
    {
        if (metadata is null || !metadata.TryGetValue("status", out var status))
            return null;
        return new(instanceId)
        {
            Name = Uri.UnescapeDataString(metadata["name"]),
            Status = Enum.Parse<OrchestrationRuntimeStatus>(status),
            Execution = metadata["execution"],
            Version = Uri.UnescapeDataString(metadata["version"]),
            CreatedAt = Time(metadata["created"]),
            LastUpdatedAt = Time(metadata["updated"]),
            Parent = metadata["parent"].Split('/') is [var id, var name, var execution, var task]
                ? new(Uri.UnescapeDataString(id), Uri.UnescapeDataString(name), execution, int.Parse(task, CultureInfo.InvariantCulture))
                : null,
            HasBegun = true,
        };
    }

    private static string Ticks(DateTimeOffset time) => time.UtcTicks.ToString(CultureInfo.InvariantCulture);

    private static DateTimeOffset Time(string ticks) => new(long.Parse(ticks, CultureInfo.InvariantCulture), TimeSpan.Zero);
}
