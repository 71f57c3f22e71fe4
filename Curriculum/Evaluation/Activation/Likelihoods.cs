using Curriculum.Work;

namespace Curriculum.Evaluation.Activation;

/// <summary>Figures from scored texts.</summary>
public static class Likelihoods
{
    /// <summary>exp(-sum of log-probabilities / tokens) of one segment over all texts; null where there is no token.</summary>
    public static double? Perplexity(IEnumerable<TextScore> scores, int segment)
    {
        var parts = scores.Where(score => score.Segments.Count > segment).Select(score => score.Segments[segment]).ToList();
        var tokens = parts.Sum(part => part.Tokens);
        return tokens == 0 ? null : Math.Exp(-parts.Sum(part => part.LogProb) / tokens);
    }

    /// <summary>KL(base || tuned) a token, in nats: over texts that the base sampled at temperature 1, the mean of log p_base - log p_tuned.</summary>
    /// <remarks>
    /// A Monte Carlo estimate, unbiased over the base's own draws (the k1 estimator), of the sum over a completion, divided by its tokens; it may
    /// come out a little below zero where the two hardly differ.
    /// </remarks>
    /// <exception cref="ArgumentException">The two do not score the same texts.</exception>
    public static double? Divergence(IReadOnlyList<TextScore> start, IReadOnlyList<TextScore> tuned, int segment)
    {
        var parts = DivergenceParts(start, tuned, segment);
        return parts.Length == 0 ? null : parts.Average();
    }

    /// <summary>One part a text, whose mean is the divergence: (log p_base - log p_tuned) / mean tokens of a text. Empty where there is no token.</summary>
    /// <exception cref="ArgumentException">The two do not score the same texts.</exception>
    public static double[] DivergenceParts(IReadOnlyList<TextScore> start, IReadOnlyList<TextScore> tuned, int segment)
    {
        if (start.Count == 0 || tuned.Count == 0)
            return [];
        if (!start.Select(score => score.Key).SequenceEqual(tuned.Select(score => score.Key)))
            throw new ArgumentException($"Expected both policies to have scored the same texts in the same order, found {start.Count} and {tuned.Count}.");
        var meanTokens = start.Average(score => score.Segments[segment].Tokens);
        return meanTokens == 0 ? [] : [.. start.Zip(tuned, (one, other) => (one.Segments[segment].LogProb - other.Segments[segment].LogProb) / meanTokens)];
    }
}
