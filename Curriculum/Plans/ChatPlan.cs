using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The chat template of an imported model: the question is the user's turn, the answer the assistant's.</summary>
public sealed record ChatPlan
{
    /// <summary>The format of turns. Default: detected from the text of the model's own chat template.</summary>
    public ChatFormat? Format { get; init; }

    /// <summary>The system message. Default: that of the model's own template, if it has one.</summary>
    public string? System { get; init; }

    /// <summary>Whether Qwen3 may think before it answers; otherwise its monologue is closed at the start. Must be true for a model that always thinks. Default false.</summary>
    public bool Thinking { get; init; }
}

/// <summary>The chat formats.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ChatFormat>))]
public enum ChatFormat
{
    /// <summary>ChatML: Qwen2, Qwen3-Instruct-2507 and many others.</summary>
    [JsonStringEnumMemberName("chatml")]
    ChatMl,

    /// <summary>ChatML with Qwen2.5's own system message where there is none.</summary>
    [JsonStringEnumMemberName("qwen2.5")]
    Qwen25,

    /// <summary>ChatML with monologues.</summary>
    [JsonStringEnumMemberName("qwen3")]
    Qwen3,

    /// <summary>ChatML with a monologue that is open in every answer: QwQ, Qwen3-Thinking-2507.</summary>
    [JsonStringEnumMemberName("qwen3-thinking")]
    Qwen3Thinking,

    /// <summary>Llama 3's headers.</summary>
    [JsonStringEnumMemberName("llama3")]
    Llama3,

    /// <summary>Llama 3's headers after dates in the system's turn: Llama 3.1, 3.2 and 3.3.</summary>
    [JsonStringEnumMemberName("llama3.1")]
    Llama31,
}
