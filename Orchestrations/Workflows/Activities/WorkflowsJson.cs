using System.Text.Json.Serialization;

namespace Orchestrations.Workflows.Activities;

/// <summary>JSON of what a run concludes with beside its verdict.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(RunRecord))]
internal sealed partial class WorkflowsJson : JsonSerializerContext;
