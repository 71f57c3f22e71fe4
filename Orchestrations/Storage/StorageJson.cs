using System.Text.Json.Serialization;

namespace Orchestrations.Storage;

/// <summary>JSON of the run's blobs: camelCase, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(PlanRecord))]
[JsonSerializable(typeof(ArmProgress))]
[JsonSerializable(typeof(Incident))]
[JsonSerializable(typeof(OpenWait))]
[JsonSerializable(typeof(Purge))]
[JsonSerializable(typeof(RunBegan))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(CopiedRun))]
[JsonSerializable(typeof(AuditedBase))]
[JsonSerializable(typeof(ArmEvaluation))]
internal sealed partial class StorageJson : JsonSerializerContext;
