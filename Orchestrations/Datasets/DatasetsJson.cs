using System.Text.Json.Serialization;

namespace Orchestrations.Datasets;

/// <summary>JSON of the import of data sets.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(ImportRequest))]
[JsonSerializable(typeof(ImportedDataset))]
[JsonSerializable(typeof(StoredInputs))]
internal sealed partial class DatasetsJson : JsonSerializerContext;
