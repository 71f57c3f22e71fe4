using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using LocalHost.Durable.History;
using Microsoft.AspNetCore.Http;
using Microsoft.DurableTask.Client;

namespace LocalHost.Hosting.Management;

/// <summary>An instance as the management API writes it.</summary>
internal static class InstanceJson
{
    public const string ContinuationHeader = "x-ms-continuation-token";

    public static JsonObject Status(InstanceState state, bool showInput) => new()
    {
        ["name"] = state.Name,
        ["instanceId"] = state.InstanceId,
        ["runtimeStatus"] = (state.Status == OrchestrationRuntimeStatus.ContinuedAsNew ? OrchestrationRuntimeStatus.Running : state.Status).ToString(),
        ["input"] = showInput ? Value(state.Input) : null,
        ["customStatus"] = Value(state.CustomStatus),
        ["output"] = Value(state.Output),
        ["createdTime"] = Time(state.CreatedAt),
        ["lastUpdatedTime"] = Time(state.LastUpdatedAt),
    };

    /// <summary>The JSON that the text is, or else the text: a failure's is plain.</summary>
    public static JsonNode? Value(string? text)
    {
        if (string.IsNullOrEmpty(text))
            return null;
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return JsonValue.Create(text);
        }
    }

    /// <summary>The body, null where there is none, and whether it is JSON.</summary>
    public static async Task<(string? Text, bool IsJson)> ReadBodyAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync(cancellationToken);
        if (text.Length == 0)
            return (null, true);
        try
        {
            using var _ = JsonDocument.Parse(text);
            return (text, true);
        }
        catch (JsonException)
        {
            return (null, false);
        }
    }

    // Whole seconds, as the official host writes them.
    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
