using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The chat template of an imported model: what is asked is the user's turn, what is answered the assistant's.</summary>
public sealed record ChatPlan
{
    /// <summary>Whose turns. Default: those that the control tokens of the model's tokenizer belong to.</summary>
    public ChatFormat? Format { get; init; }

    /// <summary>The system message. Default: none, or Qwen2.5's own.</summary>
    public string? System { get; init; }

    /// <summary>Whether Qwen3 may think before it answers; else its monologue is closed before it begins. Default false.</summary>
    public bool Thinking { get; init; }
}

/// <summary>The chat formats.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChatFormat>))]
public enum ChatFormat
{
    /// <summary>ChatML with Qwen2.5's own system message where there is none.</summary>
    [JsonStringEnumMemberName("qwen2.5")]
    Qwen25,

    /// <summary>ChatML with monologues.</summary>
    [JsonStringEnumMemberName("qwen3")]
    Qwen3,

    /// <summary>Llama 3's headers.</summary>
    [JsonStringEnumMemberName("llama3")]
    Llama3,
}
