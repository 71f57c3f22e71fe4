using System.Text.Json.Serialization;

namespace Orchestrations.Schedules;

/// <summary>JSON of the schedules' blobs and replies: camelCase, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(ScheduledRun))]
[JsonSerializable(typeof(ScheduleStatus))]
[JsonSerializable(typeof(ScheduleList))]
internal sealed partial class SchedulesJson : JsonSerializerContext;
