using System.Text.Json;
using System.Text.Json.Serialization;
using Curriculum.Plans;
using Curriculum.Problems;

namespace Curriculum.Work;

/// <summary>JSON of the domain and the wire: camelCase, unknown members refused, enums as text.</summary>
/// <remarks>
/// Source-generated code reads an absent optional member as zero or null, never as the record's own default. Everything written here is
/// written in full, so that reading it back is exact; a plan that a person wrote is completed before it is read.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(RunPlan))]
[JsonSerializable(typeof(Method))]
[JsonSerializable(typeof(WorkItem))]
[JsonSerializable(typeof(WorkResult))]
[JsonSerializable(typeof(WorkMessage))]
[JsonSerializable(typeof(ResultMessage))]
[JsonSerializable(typeof(PoisonMessage))]
[JsonSerializable(typeof(WorkClaim))]
[JsonSerializable(typeof(WorkLog))]
[JsonSerializable(typeof(RunControl))]
[JsonSerializable(typeof(UpdateBatch))]
[JsonSerializable(typeof(StateManifest))]
[JsonSerializable(typeof(IReadOnlyList<Problem>))]
[JsonSerializable(typeof(IReadOnlyList<ProblemVotes>))]
public sealed partial class CurriculumJson : JsonSerializerContext;
