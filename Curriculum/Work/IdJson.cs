using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curriculum.Work;

/// <summary>An id with a text form, which is its JSON too.</summary>
public interface IId<T>
    where T : IId<T>
{
    /// <summary>Reads the text form.</summary>
    /// <exception cref="FormatException">The text is no such id; the message says what was expected.</exception>
    static abstract T Parse(string text);
}

/// <summary>Writes an id as its text form and reads it through its one parser.</summary>
public sealed class IdJson<T> : JsonConverter<T>
    where T : class, IId<T>
{
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String)
            throw new JsonException("Expected the text of an id.");
        try
        {
            return T.Parse(reader.GetString()!);
        }
        catch (FormatException fault)
        {
            throw new JsonException(fault.Message, fault);
        }
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>What every parser of an id ends with.</summary>
internal static class Ids
{
    /// <summary>The id, if the text is the one that it is written as: no second text means the same.</summary>
    public static T Canonical<T>(T id, string text)
        where T : notnull => id.ToString() == text ? id : throw new FormatException($"Expected the id {id} as it is written, found '{text}'.");
}
