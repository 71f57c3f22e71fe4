using static TorchSharp.torch;

namespace GpuWorker.Training;

/// <summary>Losses token by token, N predicted tokens.</summary>
internal static class TokenLoss
{
    /// <summary>-log p x weight.</summary>
    public static Tensor Likelihood(Tensor logProbsN, Tensor weightsN) => -(logProbsN * weightsN);

    /// <summary>-min(ratio A, clip(ratio, 1 - low, 1 + high) A), ratio = p / p_old; where A is negative at most -c A.</summary>
    /// <remarks>PPO's surrogate (arXiv 1707.06347, eq. 7), with DAPO's two bounds (arXiv 2503.14476) and the dual clip (arXiv 1912.09729, eq. 5).</remarks>
    public static Tensor PolicyGradient(Tensor logProbsN, Tensor oldLogProbsN, Tensor advantagesN, RatioClip clip)
    {
        var ratioN = (logProbsN - oldLogProbsN).exp();
        var objectiveN = ratioN * advantagesN;
        if (clip.On)
            objectiveN = minimum(objectiveN, ratioN.clamp(1 - clip.Low, 1 + clip.High) * advantagesN);
        if (clip is { On: true, Dual: { } c })
            objectiveN = where(advantagesN.lt(0), maximum(objectiveN, advantagesN * c), objectiveN);
        return -objectiveN;
    }

    /// <summary>The k3 estimate of KL(p || reference): q - log q - 1, q = p_ref / p (Schulman 2020, "Approximating KL divergence").</summary>
    public static Tensor K3(Tensor logProbsN, Tensor referenceLogProbsN)
    {
        var logRatioN = referenceLogProbsN - logProbsN;
        return logRatioN.exp() - logRatioN - 1;
    }

    /// <summary>Half the squared error of the values.</summary>
    public static Tensor Value(Tensor valuesN, Tensor returnsN) => (valuesN - returnsN).square() * 0.5;

    /// <summary>How many tokens the two bounds hold: their ratio is beyond the bound on the side to which the advantage pushes.</summary>
    public static long Clipped(Tensor logProbsN, Tensor oldLogProbsN, Tensor advantagesN, RatioClip clip)
    {
        if (!clip.On)
            return 0;
        using var scope = NewDisposeScope();
        using var none = no_grad();
        var ratioN = (logProbsN - oldLogProbsN).exp();
        return ratioN.gt(1 + clip.High).logical_and(advantagesN.gt(0)).sum().item<long>()
            + ratioN.lt(1 - clip.Low).logical_and(advantagesN.lt(0)).sum().item<long>();
    }
}

/// <summary>How the probability ratio is bounded.</summary>
/// <param name="On">The one switch.</param>
/// <param name="Low">Distance of the lower bound from 1.</param>
/// <param name="High">Distance of the upper bound from 1.</param>
/// <param name="Dual">The c of the dual clip; null for none.</param>
internal readonly record struct RatioClip(bool On, double Low, double High, double? Dual);
