using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>A part of a data set, decided by each problem's content.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DatasetSplit>))]
public enum DatasetSplit
{
    /// <summary>The whole data set.</summary>
    [JsonStringEnumMemberName("all")]
    All,

    /// <summary>About 80 %.</summary>
    [JsonStringEnumMemberName("train")]
    Train,

    /// <summary>About 10 %.</summary>
    [JsonStringEnumMemberName("validation")]
    Validation,

    /// <summary>About 10 %.</summary>
    [JsonStringEnumMemberName("test")]
    Test,
}
