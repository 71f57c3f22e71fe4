using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curriculum.Problems.Datasets;

/// <summary>One line of a data set: <c>{"id", "problem", "steps", "answer", "released"}</c>.</summary>
public sealed record DatasetItem
{
    /// <summary>Unique in the data set, 1 to 200 characters.</summary>
    public required string Id { get; init; }

    public required string Problem { get; init; }

    /// <summary>The expert's solution in steps, without the final answer line; empty where there is no demonstration.</summary>
    public required IReadOnlyList<string> Steps { get; init; }

    /// <summary>What the math verifier compares with; see docs/VERIFIERS.md.</summary>
    public required string Answer { get; init; }

    /// <summary>The day on which the problem was first published; null where that is not known.</summary>
    public DateOnly? Released { get; init; }

    /// <summary>The item as a line, without the line feed.</summary>
    public string ToLine() => JsonSerializer.Serialize(this, DatasetJson.Readable.DatasetItem);
}

/// <summary>JSON of data sets.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DatasetItem))]
internal sealed partial class DatasetJson : JsonSerializerContext
{
    /// <summary>Mathematics is full of what the default encoder escapes.</summary>
    public static DatasetJson Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
