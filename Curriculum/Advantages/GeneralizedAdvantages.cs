using Curriculum.Plans;

namespace Curriculum.Advantages;

/// <summary>Generalised advantage estimation over one trajectory (arXiv 1506.02438): A_t = sum over l of (gamma lambda)^l d_{t+l}, d_t = r_t + gamma V_{t+1} - V_t.</summary>
/// <remarks>The reward comes with the last token; after it the value is 0, for a completion that was cut off too.</remarks>
public static class GeneralizedAdvantages
{
    // As verl and TRL have it.
    private const double WhitenEpsilon = 1e-8;

    /// <summary>One advantage for each token. What values are trained towards is advantage + value.</summary>
    /// <param name="reward">Of the whole trajectory.</param>
    /// <param name="values">Of the state that each token was written in.</param>
    /// <param name="plan">Gamma and lambda.</param>
    public static double[] Of(double reward, IReadOnlyList<float> values, AdvantagePlan plan)
    {
        var advantages = new double[values.Count];
        double next = 0, nextValue = 0;
        for (var t = values.Count - 1; t >= 0; t--)
        {
            var error = (t == values.Count - 1 ? reward : 0) + (plan.Gamma * nextValue) - values[t];
            next = advantages[t] = error + (plan.Gamma * plan.Lambda * next);
            nextValue = values[t];
        }

        return advantages;
    }

    /// <summary>Shift and scale that bring advantages to mean 0 and sample variance 1: (A - Mean) x Scale. One number alone is only shifted.</summary>
    public static (double Mean, double Scale) Whitening(IReadOnlyCollection<double> advantages)
    {
        if (advantages.Count == 0)
            return (0, 1);
        var mean = advantages.Average();
        return advantages.Count == 1
            ? (mean, 1)
            : (mean, 1 / Math.Sqrt((advantages.Sum(a => (a - mean) * (a - mean)) / (advantages.Count - 1)) + WhitenEpsilon));
    }
}
