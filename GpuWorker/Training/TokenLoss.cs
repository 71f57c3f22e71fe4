using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Losses token by token, N predicted tokens.</summary>
internal static class TokenLoss
{
    /// <summary>-log p x weight.</summary>
    public static Tensor Likelihood(Tensor logProbsN, Tensor weightsN) => -(logProbsN * weightsN);

    /// <summary>-min(ratio A, clip(ratio, 1 - low, 1 + high) A), ratio = p / p_old; without a bound on a side, that side is not clipped.</summary>
    /// <remarks>PPO's surrogate (arXiv 1707.06347, eq. 7), with DAPO's two bounds (arXiv 2503.14476).</remarks>
    public static Tensor PolicyGradient(Tensor logProbsN, Tensor oldLogProbsN, Tensor advantagesN, double? low, double? high)
    {
        var ratioN = (logProbsN - oldLogProbsN).exp();
        if (low is null && high is null)
            return -(ratioN * advantagesN);

        var clippedN = ratioN.clamp(1 - (low ?? double.PositiveInfinity), 1 + (high ?? double.PositiveInfinity));
        return -minimum(ratioN * advantagesN, clippedN * advantagesN);
    }

    /// <summary>How many tokens the clip holds: their ratio is beyond the bound on the side to which the advantage pushes.</summary>
    public static long Clipped(Tensor logProbsN, Tensor oldLogProbsN, Tensor advantagesN, double? low, double? high)
    {
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var ratioN = (logProbsN - oldLogProbsN).exp();
        var count = 0L;
        if (high is { } above)
            count += ratioN.gt(1 + above).logical_and(advantagesN.gt(0)).sum().item<long>();
        if (low is { } below)
            count += ratioN.lt(1 - below).logical_and(advantagesN.lt(0)).sum().item<long>();
        return count;
    }
}
