using System.Text.Json;
using System.Text.Json.Serialization;

namespace Curriculum.Findings;

/// <summary>JSON of findings: camelCase, unknown members refused.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Finding))]
[JsonSerializable(typeof(RunTiming))]
public sealed partial class FindingsJson : JsonSerializerContext;
