using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>What to do with a group in which a single trajectory is rewarded above the others: the largest possible advantage, on the least evidence.</summary>
public sealed record LoneSuccessPlan
{
    /// <summary>Default admit.</summary>
    public LoneSuccessAction Action { get; init; } = LoneSuccessAction.Admit;

    /// <summary>With cap: the group's advantages are scaled so that none is larger than this. Default 1.</summary>
    public double MaximumAdvantage { get; init; } = 1;

    /// <summary>With check: how many more samples of the prompt are taken. Default 8.</summary>
    public int Samples { get; init; } = 8;
}

/// <summary>What to do with a lone success.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LoneSuccessAction>))]
public enum LoneSuccessAction
{
    /// <summary>Its group is admitted like any other.</summary>
    [JsonStringEnumMemberName("admit")]
    Admit,

    /// <summary>Its group is admitted with smaller advantages.</summary>
    [JsonStringEnumMemberName("cap")]
    Cap,

    /// <summary>The prompt is sampled again; its group is admitted, with the new samples, if one of them succeeds too, and quarantined otherwise.</summary>
    [JsonStringEnumMemberName("check")]
    Check,
}
