using System.Text.Json.Serialization;
using Curriculum.Admission;

namespace Curriculum.Training;

/// <summary>JSON of what a stage stores: camelCase, unknown members refused, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    IgnoreReadOnlyProperties = true,
    Converters = [typeof(FiniteDouble), typeof(FiniteSingle)],
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(StageState))]
[JsonSerializable(typeof(IterationRecord))]
[JsonSerializable(typeof(ValidatedCheckpoint))]
[JsonSerializable(typeof(DifficultyProfile))]
[JsonSerializable(typeof(RolloutSample))]
[JsonSerializable(typeof(StageStep))]
[JsonSerializable(typeof(StageSetting))]
[JsonSerializable(typeof(ColocatedTask))]
public sealed partial class TrainingJson : JsonSerializerContext;
