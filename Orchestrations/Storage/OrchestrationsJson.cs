using System.Text.Json;
using System.Text.Json.Serialization;
using Orchestrations.Datasets;
using Orchestrations.Schedules;
using Orchestrations.Webhooks;
using Orchestrations.Workflows.Activities;

namespace Orchestrations.Storage;

/// <summary>JSON of the app's own blobs and replies: camelCase, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(PlanRecord))]
[JsonSerializable(typeof(ArmProgress))]
[JsonSerializable(typeof(RunRecord))]
[JsonSerializable(typeof(Incident))]
[JsonSerializable(typeof(OpenWait))]
[JsonSerializable(typeof(Purge))]
[JsonSerializable(typeof(RunBegan))]
[JsonSerializable(typeof(IReadOnlyList<string>))]
[JsonSerializable(typeof(CopiedRun))]
[JsonSerializable(typeof(AuditedBase))]
[JsonSerializable(typeof(ArmEvaluation))]
[JsonSerializable(typeof(Schedule))]
[JsonSerializable(typeof(ScheduleRequest))]
[JsonSerializable(typeof(Firing))]
[JsonSerializable(typeof(ScheduleStatus))]
[JsonSerializable(typeof(ScheduleList))]
[JsonSerializable(typeof(WebhookMessage))]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportedDataset))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class OrchestrationsJson : JsonSerializerContext;
