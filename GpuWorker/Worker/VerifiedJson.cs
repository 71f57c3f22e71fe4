using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Curriculum.Texts;
using Curriculum.Work;
using GpuWorker.Items;

namespace GpuWorker.Worker;

/// <summary>Reads JSON that an item refers to, its hash verified.</summary>
internal static class VerifiedJson
{
    /// <exception cref="WorkFailedException"><c>bad-item</c>: it is missing, is another, or cannot be read.</exception>
    public static async Task<T> ReadAsync<T>(WorkerStorage storage, BlobRef blob, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        Parse(await VerifiedBlob.ReadAsync(storage, blob, WorkFailedException.BadItem, cancellationToken), blob, type);

    /// <exception cref="WorkFailedException"><c>bad-item</c>: it cannot be read.</exception>
    public static T Parse<T>(ReadOnlyMemory<byte> bytes, BlobRef blob, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes.Span, type) ?? throw new JsonException("it is null");
        }
        catch (Exception fault) when (fault is JsonException or NotSupportedException)
        {
            throw new WorkFailedException(WorkFailedException.BadItem, $"Expected {blob.Container}/{blob.Name} to be whole; it cannot be read: {(fault is JsonException json ? JsonFault.Words(json) : "it is of a kind that this build does not know.")}", fault);
        }
    }
}
