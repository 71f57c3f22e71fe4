using System.Text.Json.Serialization;

namespace Curriculum.Evaluation.Traces;

/// <summary>What is wrong with one written step; mutually exclusive, the first that applies in this order (after arXiv 2510.18176).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StepTag>))]
public enum StepTag
{
    /// <summary>The step is right.</summary>
    [JsonStringEnumMemberName("sound")]
    Sound,

    /// <summary>It cannot be read as a step.</summary>
    [JsonStringEnumMemberName("format")]
    Format,

    /// <summary>It starts from a value that neither the question nor an earlier step gives.</summary>
    [JsonStringEnumMemberName("false-premise")]
    FalsePremise,

    /// <summary>It does what the question does not ask for at this place: another operation, one again, one passed over.</summary>
    [JsonStringEnumMemberName("false-rule")]
    FalseRule,

    /// <summary>Its result does not follow from what it itself says.</summary>
    [JsonStringEnumMemberName("calculator")]
    Calculator,
}
