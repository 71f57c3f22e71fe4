using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Curriculum.Plans;
using Curriculum.Stages;

namespace Curriculum.Api;

/// <summary>JSON of the HTTP API, for both of its ends: camelCase, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RunStatus))]
[JsonSerializable(typeof(RunList))]
[JsonSerializable(typeof(RunAccepted))]
[JsonSerializable(typeof(ProblemDetail))]
[JsonSerializable(typeof(TrajectoryList))]
[JsonSerializable(typeof(TrajectoryDetail))]
[JsonSerializable(typeof(RunMetrics))]
[JsonSerializable(typeof(CheckpointList))]
[JsonSerializable(typeof(RunPlanView))]
[JsonSerializable(typeof(QueueStatus))]
[JsonSerializable(typeof(ItemHistory))]
[JsonSerializable(typeof(RunDifferences))]
[JsonSerializable(typeof(Health))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>A state as it stands in JSON.</summary>
    public static string Code(RunState state) => Code(state, Default.RunState);

    /// <summary>A reason for a refusal as it stands in JSON.</summary>
    public static string Code(ProblemCode code) => Code(code, Default.ProblemCode);

    /// <summary>A method as it stands in JSON.</summary>
    public static string Code(Method method) => Code(method, Default.Method);

    /// <summary>An outcome as it stands in JSON.</summary>
    public static string Code(StageOutcome outcome) => Code(outcome, Default.StageOutcome);

    private static string Code<T>(T value, JsonTypeInfo<T> type) => JsonSerializer.SerializeToElement(value, type).GetString()!;
}
