using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curriculum.Training;

/// <summary>Reads numbers that are finite: JSON can spell one that no double holds, which would be read as an infinity.</summary>
public sealed class FiniteDouble : JsonConverter<double>
{
    public override double Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDouble() is var number && double.IsFinite(number) ? number : throw new JsonException("Expected a number that is finite as a double.");

    public override void Write(Utf8JsonWriter writer, double value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>The same of single precision.</summary>
public sealed class FiniteSingle : JsonConverter<float>
{
    public override float Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetSingle() is var number && float.IsFinite(number) ? number : throw new JsonException("Expected a number that is finite in single precision.");

    public override void Write(Utf8JsonWriter writer, float value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}
