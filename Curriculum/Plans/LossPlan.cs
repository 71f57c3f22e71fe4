using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The loss over an admitted batch.</summary>
public sealed record LossPlan
{
    /// <summary>Default <see cref="LossAggregation.TokenMean"/>.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Lower clip distance of the probability ratio; null switches clipping off. Default 0.2.</summary>
    // Written even when null, which is not the default.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? ClipLow { get; init; } = 0.2;

    /// <summary>Upper clip distance of the probability ratio; null switches clipping off. Default 0.2.</summary>
    // Written even when null, which is not the default.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)]
    public double? ClipHigh { get; init; } = 0.2;

    /// <summary>Passes over the batch. Default 1: strictly on-policy.</summary>
    public int Epochs { get; init; } = 1;

    /// <summary>Optimiser steps per pass. Default 1.</summary>
    public int Minibatches { get; init; } = 1;
}

/// <summary>How per-token losses become one number.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<LossAggregation>))]
public enum LossAggregation
{
    /// <summary>Sum over all tokens divided by their number (DAPO).</summary>
    [JsonStringEnumMemberName("token-mean")]
    TokenMean,

    /// <summary>Mean over sequences of each sequence's token mean (GRPO).</summary>
    [JsonStringEnumMemberName("seq-mean-token-mean")]
    SequenceMeanTokenMean,

    /// <summary>Mean over sequences of each sequence's token sum.</summary>
    [JsonStringEnumMemberName("seq-mean-token-sum")]
    SequenceMeanTokenSum,

    /// <summary>Mean over sequences of each sequence's token sum over the longest allowed completion (Dr. GRPO).</summary>
    [JsonStringEnumMemberName("seq-mean-token-sum-norm")]
    SequenceMeanTokenSumNorm,
}
