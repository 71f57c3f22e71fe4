using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>The message on the <c>work</c> queue: which item is to be done.</summary>
/// <param name="InputHash">SHA-256 of the item's bytes.</param>
/// <param name="Instance">The orchestration instance that waits for the result.</param>
/// <param name="IsRepeated">Whether the item was sent before, so that it may have a result.</param>
/// <param name="TraceParent">The span that sent it (W3C trace context); null where nobody traces.</param>
/// <param name="SentAt">When it was sent, by the clock of who sent it; null where that is not known.</param>
/// <param name="Item">The item's bytes as <see cref="CarriedItem"/> packs them, where they fit; its blob has them in any case.</param>
public sealed record WorkMessage(
    WorkItemId Id, string InputHash, string Instance, bool IsRepeated = false, [property: JsonPropertyName("traceparent")] string? TraceParent = null,
    DateTimeOffset? SentAt = null, byte[]? Item = null);

/// <summary>The message on the <c>results</c> queue: a hint that a result is stored.</summary>
/// <param name="TraceParent">The span of the item; null where nobody traces.</param>
public sealed record ResultMessage(WorkItemId Id, string Instance, [property: JsonPropertyName("traceparent")] string? TraceParent = null);
