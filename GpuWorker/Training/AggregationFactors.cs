using Curriculum.Plans;

namespace GpuWorker.Training;

/// <summary>The four aggregations as one factor per row: the loss of a step is the sum over its tokens of factor x token loss.</summary>
internal static class AggregationFactors
{
    /// <summary>The factor of each row's tokens.</summary>
    /// <param name="aggregation">Which aggregation.</param>
    /// <param name="predicted">Predicted tokens of each row of the step.</param>
    /// <param name="longest">The longest allowed completion, the L of Dr. GRPO's constant.</param>
    public static double[] Of(LossAggregation aggregation, IReadOnlyList<int> predicted, int longest)
    {
        var sequences = (double)predicted.Count;
        var tokens = (double)predicted.Sum();
        return [.. predicted.Select(length => aggregation switch
        {
            LossAggregation.TokenMean => 1 / tokens,
            LossAggregation.SequenceMeanTokenMean => 1 / (sequences * length),
            LossAggregation.SequenceMeanTokenSum => 1 / sequences,
            LossAggregation.SequenceMeanTokenSumNorm => 1 / (sequences * longest),
            _ => throw new ArgumentOutOfRangeException(nameof(aggregation), aggregation, "Unknown aggregation."),
        })];
    }
}
