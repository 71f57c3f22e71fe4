using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>What a completion is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CompletionTarget>))]
public enum CompletionTarget
{
    /// <summary>One expert step, given the question and the steps before it.</summary>
    [JsonStringEnumMemberName("step")]
    Step,

    /// <summary>The whole solution, given the question.</summary>
    [JsonStringEnumMemberName("solution")]
    Solution,
}
