using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curriculum.Evaluation;

/// <summary>JSON of results and verdicts: camelCase, unknown members refused, absent values left out.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(RunVerdict))]
[JsonSerializable(typeof(ArmSeedResult))]
[JsonSerializable(typeof(IReadOnlyList<ArmSeedResult>))]
[JsonSerializable(typeof(IReadOnlyList<CurvePoint>))]
public sealed partial class VerdictJson : JsonSerializerContext;
