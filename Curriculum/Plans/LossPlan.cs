using System.Text.Json.Serialization;

namespace Curriculum.Plans;

/// <summary>The loss over an admitted batch.</summary>
public sealed record LossPlan
{
    /// <summary>Default <see cref="LossAggregation.TokenMean"/>.</summary>
    public LossAggregation Aggregation { get; init; } = LossAggregation.TokenMean;

    /// <summary>Whether the probability ratio is clipped; false turns off both bounds and the dual clip. Default true.</summary>
    public bool Clipping { get; init; } = true;

    /// <summary>Lower clip distance of the probability ratio. Default 0.2.</summary>
    public double ClipLow { get; init; } = 0.2;

    /// <summary>Upper clip distance of the probability ratio. Default 0.2; DAPO 0.28.</summary>
    public double ClipHigh { get; init; } = 0.2;

    /// <summary>The c of the dual clip, above 1: a negative advantage costs at most c times itself (arXiv 1912.09729). Default: none; verl 3.</summary>
    public double? DualClip { get; init; }

    /// <summary>Weight of the k3 divergence from the policy that the stage started from. Default 0: no reference is computed.</summary>
    public double KlWeight { get; init; }

    /// <summary>Weight of the value head's half squared error, if advantages come from values. Default 0.5.</summary>
    public double ValueWeight { get; init; } = 0.5;

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
