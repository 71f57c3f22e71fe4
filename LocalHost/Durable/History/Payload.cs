using System.Text.Json;
using System.Text.Json.Serialization;

namespace LocalHost.Durable.History;

/// <summary>The text of an input, result or event; in history either itself or, where it is large, the hash of its blob.</summary>
[JsonConverter(typeof(PayloadJson))]
internal sealed record Payload(string? Text, string? Hash = null)
{
    public static Payload? Of(string? text) => text is null ? null : new(text);
}

internal sealed class PayloadJson : JsonConverter<Payload>
{
    public override Payload? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String)
            return new(reader.GetString());
        reader.Read();
        reader.Read();
        var hash = reader.GetString();
        reader.Read();
        return new(null, hash);
    }

    public override void Write(Utf8JsonWriter writer, Payload value, JsonSerializerOptions options)
    {
        if (value.Hash is null)
        {
            writer.WriteStringValue(value.Text);
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("hash", value.Hash);
        writer.WriteEndObject();
    }
}
