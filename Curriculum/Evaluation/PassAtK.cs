namespace Curriculum.Evaluation;

/// <summary>The unbiased estimator of pass@k: 1 - C(n-c, k) / C(n, k).</summary>
public static class PassAtK
{
    /// <summary>Probability that at least one of k samples is right, estimated from n samples of which c were right.</summary>
    /// <remarks>Chen et al. 2021, arXiv 2107.03374; computed as a product, so that no binomial overflows.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">Not 1 &lt;= k &lt;= n or not 0 &lt;= c &lt;= n.</exception>
    public static double Unbiased(int samples, int correct, int k)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(k, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(k, samples);
        ArgumentOutOfRangeException.ThrowIfNegative(correct);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(correct, samples);

        var allWrong = 1.0;
        for (var i = samples - correct + 1; i <= samples; i++)
            allWrong *= Math.Max(0, 1 - (double)k / i);
        return 1 - allWrong;
    }
}
